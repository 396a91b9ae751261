"""Check the options of the node module."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.kube import validation as check
from ansible_collections.slipway.lab.plugins.module_utils.kube.validation import ValidationErrors

EFFECTS = ("NoSchedule", "PreferNoSchedule", "NoExecute")


def check_node_options(params: dict) -> None:
    """Check name, labels and taints.

    Raises:
        KubeError: The parameters have mistakes. The message names all of them.
    """
    errors = ValidationErrors()
    check.subdomain(errors, "name", params["name"])
    for key, value in (params.get("labels") or {}).items():
        check.labels(errors, "labels", {key: "" if value is None else value})
    seen = set()
    for index, taint in enumerate(params.get("taints") or []):
        path = f"taints[{index}]"
        check.labels(errors, path, {taint["key"]: taint.get("value") or ""})
        place = (taint["key"], taint.get("effect"))
        if place in seen:
            errors.add(path, f"{taint['key']} is given twice")
        seen.add(place)
        if taint.get("state") != "absent" and not taint.get("effect"):
            errors.add(path, f"effect is missing: {', '.join(EFFECTS)}")
    errors.stop()
