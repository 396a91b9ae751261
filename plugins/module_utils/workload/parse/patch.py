"""Parse the patch of a task."""

from __future__ import annotations

from typing import Any

from ansible_collections.slipway.lab.plugins.module_utils.common.json_patch import mistakes
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import HIDDEN
from ansible_collections.slipway.lab.plugins.module_utils.kube.ops.patch import Patch
from ansible_collections.slipway.lab.plugins.module_utils.workload.selection import names_in


def parse_patch(params: dict, dry_run: bool) -> Patch:
    """Return the patch of the parameters.

    Raises:
        KubeError: The patch does not fit its type, or options contradict each other.
    """
    body = params["patch"]
    kind = params["type"] or ("json" if isinstance(body, list) else "merge")
    if kind == "json":
        problems = mistakes(body)
    else:
        problems = (
            [] if isinstance(body, dict) and body else [f"a patch of the type {kind} is a mapping"]
        )
    if problems:
        raise KubeError("\n".join(f"patch: {one}" for one in problems), problems=problems)
    if params["force"] and kind != "apply":
        raise KubeError("force: belongs to type: apply")
    version = params.get("resource_version") or ""
    if version and len(names_in(params)) != 1:
        raise KubeError("resource_version: belongs to the name of one object")
    return Patch(
        kind, body, params["field_manager"], params.get("subresource") or "", version,
        params["force"], dry_run,
    )  # fmt: skip


def without_values(patch: Any) -> Any:
    """Return a patch of a Secret without the values in it, for the parameters in the output."""
    if isinstance(patch, list):
        return [{**one, **({"value": HIDDEN} if "value" in one else {})} for one in patch]
    return {
        name: dict.fromkeys(value, HIDDEN)
        if name in ("data", "stringData") and isinstance(value, dict)
        else value
        for name, value in patch.items()
    }
