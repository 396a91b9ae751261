"""The result of a run, as the module returns it."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence

from ansible_collections.slipway.lab.plugins.module_utils.minikube.actions import Action
from ansible_collections.slipway.lab.plugins.module_utils.minikube.node_api import ApiError
from ansible_collections.slipway.lab.plugins.module_utils.minikube.observed import (
    Observed,
    describe_nodes,
)
from ansible_collections.slipway.lab.plugins.module_utils.minikube.prediction import summary
from ansible_collections.slipway.lab.plugins.module_utils.minikube.profile_context import (
    ProfileContext,
)


def profile_result(
    context: ProfileContext, seen: Observed, actions: Sequence[Action], before: dict, after: dict
) -> dict:
    """Return the result of a run.

    Args:
        context: The run.
        seen: The last reading.
        actions: The completed or predicted actions.
        before: Summary before the run, for the diff.
        after: Summary after the run, for the diff.
    """
    result = {
        "changed": bool(actions),
        "actions": [action.text for action in actions],
        "profile": summary(seen),
        "nodes": describe_nodes(seen),
        "kubeconfig": str(context.kubeconfig),
        "warnings_of_minikube": [],
        "diff": {"before": before, "after": after},
    }
    if context.desired.state == "absent" and seen.state == "orphaned":
        left = [name for names in seen.leftovers.values() for name in names]
        result["warnings"] = [
            f"{', '.join(sorted(set(left)))} of the profile {seen.profile} are kept: no configuration in "
            f"{context.home} knows them. If they are yours, set recreate: true to delete them"
        ]
    with contextlib.suppress(ApiError):
        result["server"] = context.reader.api(seen).url
    return result
