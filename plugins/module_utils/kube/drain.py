"""Empty a node by the eviction API, which respects PodDisruptionBudgets."""

from __future__ import annotations

import time
from collections.abc import Callable

from ansible_collections.slipway.lab.plugins.module_utils.common.deadline import Deadline
from ansible_collections.slipway.lab.plugins.module_utils.kube.client import KubeClient
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import ApiError, KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.paths import path_segment
from ansible_collections.slipway.lab.plugins.module_utils.kube.watch import wait_until

MIRROR = "kubernetes.io/config.mirror"
# how long to leave a budget alone before asking again; the API offers nothing to watch for
RETRY_SECONDS = 1.0


def filter_pods(pods: list[dict], options: dict) -> tuple[list[dict], list[str], list[str]]:
    """(pods to evict, reasons for those left alone, reasons why the node can not be drained)."""
    evict, skipped, refused = [], [], []
    for pod in pods:
        metadata = pod["metadata"]
        name = f"{metadata['namespace']}/{metadata['name']}"
        owners = metadata.get("ownerReferences") or []
        controller = next((owner for owner in owners if owner.get("controller")), None)
        phase = (pod.get("status") or {}).get("phase")
        if MIRROR in (metadata.get("annotations") or {}):
            skipped.append(f"{name} is a static pod")
        elif (
            controller
            and controller["kind"] == "DaemonSet"
            and phase not in ("Succeeded", "Failed")
        ):
            skipped.append(f"{name} belongs to DaemonSet {controller['name']}")
        elif not controller and phase not in ("Succeeded", "Failed") and not options["force"]:
            refused.append(f"{name} has no controller and would not come back (force: true)")
        elif (
            _local_data(pod)
            and phase not in ("Succeeded", "Failed")
            and not options["delete_empty_dir"]
        ):
            refused.append(f"{name} keeps data in an emptyDir (delete_empty_dir: true)")
        else:
            evict.append(pod)
    return evict, skipped, refused


def _local_data(pod: dict) -> bool:
    return any("emptyDir" in volume for volume in (pod.get("spec") or {}).get("volumes") or [])


def evict(
    client: KubeClient,
    pods: list[dict],
    grace: int | None,
    deadline: Deadline,
    progress: Callable[[str], None],
) -> None:
    """Evict all and wait until they are gone. Raises KubeError that names the budgets in the
    way.
    """
    errors = [
        error
        for error in client.parallel(
            lambda pod: _evict(client, pod, grace, deadline, progress), pods
        )
        if isinstance(error, KubeError)
    ]
    if errors:
        raise KubeError("\n".join(map(str, errors)))


def _evict(
    client: KubeClient,
    pod: dict,
    grace: int | None,
    deadline: Deadline,
    progress: Callable[[str], None],
) -> None:
    metadata = pod["metadata"]
    namespace, name = metadata["namespace"], metadata["name"]
    collection = f"/api/v1/namespaces/{path_segment(namespace)}/pods"
    options = {"preconditions": {"uid": metadata["uid"]}}
    if grace is not None:
        options["gracePeriodSeconds"] = grace
    body = {
        "apiVersion": "policy/v1",
        "kind": "Eviction",
        "metadata": {"name": name, "namespace": namespace},
        "deleteOptions": options,
    }
    # what is ending already, by itself or with its namespace, needs no eviction and gets none
    while not metadata.get("deletionTimestamp"):
        try:
            client.post_once(f"{collection}/{path_segment(name)}/eviction", body)
            break
        except ApiError as error:
            if any(cause.get("reason") == "NamespaceTerminating" for cause in error.causes):
                break
            if error.status == 404 or (error.status == 409 and "uid" in str(error).lower()):
                return
            if error.status != 429 and not error.transient:
                raise KubeError(f"pod {namespace}/{name}: {error}", **error.result) from error
            reason = "; ".join(c.get("message", "") for c in error.causes) or str(error)
            if deadline.remaining() <= RETRY_SECONDS:
                raise KubeError(
                    f"pod {namespace}/{name} can not be evicted within {deadline.seconds:g} s: "
                    f"{reason}"
                ) from error
            progress(f"{namespace}/{name} has to wait: {reason}")
            time.sleep(RETRY_SECONDS)
    wait_until(
        client,
        collection,
        name,
        lambda obj: obj is None or obj["metadata"]["uid"] != metadata["uid"],
        deadline,
        f"pod {namespace}/{name} was evicted and does not end",
    )
    progress(f"{namespace}/{name} is gone")
