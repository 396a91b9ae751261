"""Shared code of the tests of the workload modules: an application, and checks of results."""

import time

IMAGE = "registry.k8s.io/e2e-test-images/agnhost:2.59"
SERVE = ["/agnhost", "netexec", "--http-port=8080"]
# no registry answers there, so the pull fails for a reason that could pass: the task sets how long
BAD_IMAGE = "127.0.0.1:1/no-such:1"
PROBE = {"readiness": {"http": "/healthz", "period": 1}}
APP = {"image": IMAGE, "command": SERVE, "ports": ["80:8080"], "probes": PROBE}


def good(result):
    """The result of a module that must not have failed."""
    assert not result.get("failed"), result["msg"]
    return result


def until(look, wanted=bool, patience=20, pause=0.2):
    """Look until what is seen is wanted; return it. For what no module waits for."""
    end = time.monotonic() + patience
    while not wanted(seen := look()):
        assert time.monotonic() < end, f"after {patience} s: {seen}"
        # neither stores nor every object can be watched
        time.sleep(pause)
    return seen
