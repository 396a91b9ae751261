"""Report the rollout of a workload: its status and its revisions."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.kube.client import KubeClient
from ansible_collections.slipway.lab.plugins.module_utils.kube.diff import ansible_diff, changes
from ansible_collections.slipway.lab.plugins.module_utils.kube.ops.undo import history
from ansible_collections.slipway.lab.plugins.module_utils.kube.status.rollout import rollout_status


def change_report(before: dict, after: dict) -> dict:
    """Return the fields that differ, and a diff; empty when the objects are equal."""
    difference = changes(before, after)
    if not difference:
        return {}
    return {"changes": difference, "diff": ansible_diff([(before, after)])}


def rollout_report(client: KubeClient, workload: dict) -> dict:
    """Return the status of a rollout, the revisions and the number of the current one.

    Raises:
        KubeError: The API server refused to list the revisions.
    """
    status, revisions = rollout_status(workload), history(client, workload)
    current = [entry["revision"] for entry in revisions if entry["current"]]
    return {
        "history": revisions,
        "status": {"done": status.done, "text": status.text},
        "revision": max(current, default=0),
    }
