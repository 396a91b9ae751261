"""Print how many seconds after its start the newest container of a selector was ready."""

import json
import subprocess
import sys
from datetime import datetime

LIST = ["kubectl", "get", "pods", "--selector", sys.argv[1], "--output", "json"]


def main() -> None:
    """Compare the start of the container with the last change of the pod's condition Ready."""
    found = subprocess.run(LIST, capture_output=True, text=True, check=True, timeout=4)
    pods = sorted(
        json.loads(found.stdout)["items"], key=lambda p: p["metadata"]["creationTimestamp"]
    )
    status = pods[-1]["status"]
    started = status["containerStatuses"][0]["state"]["running"]["startedAt"]
    ready = next(c for c in status["conditions"] if c["type"] == "Ready")
    if ready["status"] != "True":
        sys.exit("not ready yet")
    seconds = datetime.fromisoformat(ready["lastTransitionTime"]) - datetime.fromisoformat(started)
    print(int(seconds.total_seconds()))


main()
