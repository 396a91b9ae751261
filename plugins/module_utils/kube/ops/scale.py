"""Set the number of pods of many workloads: through their scale subresource, or the parallelism of a Job."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from ansible_collections.slipway.lab.plugins.module_utils.kube import field_managers
from ansible_collections.slipway.lab.plugins.module_utils.kube.client import MERGE, KubeClient
from ansible_collections.slipway.lab.plugins.module_utils.kube.discovery import Discovery
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import ApiError, KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.kinds import SCALABLE_KINDS
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ObjectRef, ref_of
from ansible_collections.slipway.lab.plugins.module_utils.kube.paths import path_segment
from ansible_collections.slipway.lab.plugins.module_utils.kube.retry import retry_on_conflict

RELATIVE = re.compile(r"[+-]\d+")
MAX_REPLICAS = 1_000_000


@dataclass(frozen=True)
class Scaling:
    """The change of one workload's number of replicas.

    Attributes:
        ref: The workload.
        replicas: The declared number; a text such as ``+2`` is relative.
        current: The number that the workload must have; None for any.
        before: The number that was read.
        after: The number that results from it.
        live: What was read: the object, or for kinds of others its scale subresource.
    """

    ref: ObjectRef
    replicas: int | str
    current: int | None = None
    before: int = 0
    after: int = 0
    live: dict | None = None

    @property
    def changed(self) -> bool:
        """Return whether the number changes."""
        return self.before != self.after


def parse_replicas(value: Any) -> int | str:
    """Parse an absolute number, or a relative one such as ``+2``.

    Raises:
        KubeError: The text is neither.
    """
    if isinstance(value, str) and RELATIVE.fullmatch(value.strip()):
        return value.strip()
    if isinstance(value, str) and value.strip().isdigit():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MAX_REPLICAS:
        raise KubeError(
            f"replicas: {value!r} is neither a number from 0 nor a relative one; quote it: '+2' "
            "or '-1'"
        )
    return value


def wanted(replicas: int | str, before: int) -> int:
    """Return the absolute number; a relative one never goes below 0."""
    return replicas if isinstance(replicas, int) else max(0, before + int(replicas))


def autoscalers(client: KubeClient, namespaces: set[str]) -> dict[tuple[str, str, str], dict]:
    """Return the owners of the number of pods: (namespace, kind, name) of a target -> its autoscaler."""
    found = {}
    for namespace in sorted(namespaces):
        root = f"/apis/autoscaling/v2/namespaces/{path_segment(namespace)}"
        for item in client.list_all(f"{root}/horizontalpodautoscalers")[0]:
            target = item["spec"]["scaleTargetRef"]
            found[(namespace, target["kind"], target["name"])] = item
    return found


def is_woken(scaling: Scaling, autoscaler: dict) -> bool:
    """Return whether a workload without pods gets a number that its autoscaler accepts.

    An autoscaler does nothing while there are no pods, unless its own minimum is 0.
    """
    bounds = autoscaler["spec"]
    least = bounds.get("minReplicas", 1)
    return scaling.before == 0 < least <= scaling.after <= bounds["maxReplicas"]


def field_of(ref: ObjectRef) -> str:
    """Return the field of the specification that has the number."""
    return "parallelism" if ref.own_kind == "Job" else "replicas"


def scale_path(resources: Discovery, ref: ObjectRef) -> str:
    """Return the path to which the number is written.

    Raises:
        KubeError: The kind is not served, or has no number.
    """
    resource = resources.require(ref.api_version, ref.kind)
    path = resource.path(ref.namespace, ref.name)
    if ref.own_kind == "Job":
        return path
    if "scale" not in resource.subresources:
        raise KubeError(
            f"{ref}: a {ref.kind} has no number of replicas to set: the API server serves no scale subresource of it"
        )
    return f"{path}/scale"


def read_path(resources: Discovery, ref: ObjectRef) -> str:
    """Return the path from which the number is read: of the object where its pods can be waited for.

    Raises:
        KubeError: The kind is not served, or has no number.
    """
    path = scale_path(resources, ref)
    return resources.path(ref) if ref.own_kind in SCALABLE_KINDS else path


def read(client: KubeClient, resources: Discovery, scaling: Scaling) -> Scaling:
    """Return the scaling with the workload's present state.

    Raises:
        KubeError: The workload does not exist, cannot be scaled, or does not have the expected number.
    """
    live = client.get_or_none(read_path(resources, scaling.ref))
    if live is None:
        raise KubeError(f"{scaling.ref} does not exist")
    found = (live.get("spec") or {}).get(field_of(scaling.ref))
    # a Scale leaves out 0; in an object, the default is 1
    default = 0 if live.get("kind") == "Scale" else 1
    before = default if found is None else found
    if scaling.current is not None and before != scaling.current:
        raise KubeError(
            f"{scaling.ref}: current_replicas says {scaling.current}, but it has {before}; "
            "nothing was changed"
        )
    after = wanted(scaling.replicas, before)
    return replace(scaling, before=before, after=after, live=live)


def write(client: KubeClient, resources: Discovery, scaling: Scaling) -> Scaling:
    """Set the number, and read it again first if another client has written since ``read``.

    Returns:
        The scaling with the state that the server returned.

    Raises:
        KubeError: The server refused the number.
    """
    path, field = scale_path(resources, scaling.ref), field_of(scaling.ref)
    current = scaling

    def refresh() -> None:
        nonlocal current
        now = read(client, resources, scaling)
        # the answer to our write can be lost; a relative number must not be added twice
        current = (
            replace(now, before=scaling.before, after=scaling.after)
            if (now.before in (scaling.before, scaling.after))
            else now
        )

    def send() -> None:
        if current.live["spec"].get(field) == current.after:
            return
        body = {
            "metadata": {"resourceVersion": current.live["metadata"]["resourceVersion"]},
            "spec": {field: current.after},
        }
        client.patch(path, body, MERGE, fieldManager=field_managers.SCALE)

    try:
        retry_on_conflict(send, refresh)
    except ApiError as error:
        raise KubeError(f"{scaling.ref}: {error}", **error.result) from error
    try:
        return replace(current, live=client.get(read_path(resources, scaling.ref)))
    except KubeError as error:
        error.result["changed"] = True
        raise


def select(
    client: KubeClient,
    resources: Discovery,
    namespace: str,
    kinds: list[tuple[str, str]],
    selector: str,
) -> list[ObjectRef]:
    """Return the workloads that a label selector matches, of kinds with their API versions."""
    keys = []
    for version, kind in kinds:
        resource = resources.require(version, kind)
        items, _ = client.list_all(resource.collection(namespace), labelSelector=selector)
        keys += [ref_of({"apiVersion": version, "kind": kind, **item}) for item in items]
    return keys
