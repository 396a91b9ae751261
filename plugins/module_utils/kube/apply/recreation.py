"""Replace an object whose change is not possible in place."""

from __future__ import annotations

import json
from collections.abc import Callable

from ansible_collections.slipway.lab.plugins.module_utils.kube import field_managers
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.conflicts import explain
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.data_guard import (
    HOLDS_DATA,
    DataGuard,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.object_change import (
    ObjectChange,
    UnfinishedError,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.client import KubeClient
from ansible_collections.slipway.lab.plugins.module_utils.kube.discovery import Discovery
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import ApiError, KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import (
    condition_is_true,
    kind_of,
    ref_of,
    whole_manifest,
    without_job_labels,
)

NOT_RECREATED = "recreate does not do that. Move the data, and delete the object yourself"
NOT_AGAIN = "the former Job had ended and was not created again, because it would run again"
MAX_PREFIX = 40


def check_replaceable(
    client: KubeClient, discovery: Discovery, live: dict, orphan: bool
) -> list[str]:
    """Refuse objects whose deletion takes data along.

    Args:
        client: Looks for the data.
        discovery: Finds the paths of what owns data.
        live: The object to replace.
        orphan: Whether the objects that it owns stay.

    Returns:
        A text if the account may not see whether there is data.

    Raises:
        KubeError: The object holds data, or owns what does.
    """
    if kind_of(live) in HOLDS_DATA:
        raise KubeError(
            f"{ref_of(live)}: this change needs a new object, and deleting a {live['kind']} deletes what is in it; "
            f"{NOT_RECREATED}"
        )
    guard = DataGuard(client, discovery, orphan, NOT_RECREATED)
    guard.check([live])
    return guard.warnings


def pods_may_stay(obj: dict, live: dict) -> bool:
    """Return whether the pods of an object can be those of its successor.

    A StatefulSet adopts the pods that its selector selects. Another governing Service changes the names of the pods.
    """
    if kind_of(obj) != "StatefulSet":
        return False
    return all(
        obj["spec"].get(name) == live["spec"].get(name) for name in ("selector", "serviceName")
    )


def check_successor(client: KubeClient, discovery: Discovery, obj: dict) -> dict:
    """Have the server validate a new object with this declaration, without storing it.

    The name is taken while the old object exists, so the server makes one up.

    Returns:
        The object as the server would store it, with its defaults.

    Raises:
        KubeError: The server refuses it. Nothing was deleted.
    """
    ref = ref_of(obj)
    metadata = {name: value for name, value in obj["metadata"].items() if name != "name"}
    probe = {**obj, "metadata": {**metadata, "generateName": f"{ref.name[:MAX_PREFIX]}-"}}
    collection = discovery.path(ref).rpartition("/")[0]
    try:
        made = client.post(
            collection, _without_taken(probe), dryRun="All", fieldValidation="Ignore"
        )
    except ApiError as error:
        reason = explain(error, ref)
        raise KubeError(
            f"{reason}; nothing was deleted, because the new object would be refused",
            **reason.result,
        ) from error
    return _named(made, obj)


def _named(made: dict, obj: dict) -> dict:
    """Return an object that got a made-up name with the declared one, also where the server copied it."""
    text = json.dumps(made).replace(made["metadata"]["name"], obj["metadata"]["name"])
    result = json.loads(text)
    result["metadata"] = {**result["metadata"], "name": obj["metadata"]["name"]}
    result["metadata"].pop("generateName", None)
    return _with_taken(result, obj["spec"]) if kind_of(obj) == "Service" else result


def _with_taken(service: dict, declared: dict) -> dict:
    """Return a Service with the address and the ports of nodes that its declaration has."""
    spec = dict(service["spec"])
    if declared.get("clusterIP"):
        spec["clusterIP"] = declared["clusterIP"]
        spec["clusterIPs"] = declared.get("clusterIPs") or [declared["clusterIP"]]
    pairs = zip(spec.get("ports") or [], declared.get("ports") or [])
    ports = [{**port, **_part(given, "nodePort")} for port, given in pairs]
    return {**service, "spec": {**spec, **({"ports": ports} if ports else {})}}


def _part(mapping: dict, name: str) -> dict:
    return {name: mapping[name]} if mapping.get(name) else {}


def _without_taken(obj: dict) -> dict:
    """Return the object without values that only one object can have: addresses and ports of a Service."""
    if kind_of(obj) != "Service":
        return obj
    spec = {
        name: value
        for name, value in obj["spec"].items()
        if name not in ("clusterIP", "clusterIPs")
    }
    if obj["spec"].get("clusterIP") == "None":
        spec["clusterIP"] = "None"
    ports = [
        {name: value for name, value in port.items() if name != "nodePort"}
        for port in spec.get("ports") or []
    ]
    return {**obj, "spec": {**spec, "ports": ports}}


def replace_object(
    client: KubeClient,
    discovery: Discovery,
    live: dict,
    delete: Callable[[], object],
    create: Callable[[], dict],
) -> dict:
    """Delete an object and create its successor. If that fails, create the former object again.

    Args:
        client: Creates the former object.
        discovery: Finds its path.
        live: The object.
        delete: Deletes it, and waits for its end.
        create: Creates the successor.

    Returns:
        The new object.

    Raises:
        UnfinishedError: The successor was refused, and the former object is gone.
        KubeError: The object could not be deleted, or the successor was refused. The message describes the former
            object.
    """
    try:
        delete()
    except UnfinishedError as error:
        # it may be gone, but the server refuses to show that
        failed: KubeError = error
    else:
        try:
            return create()
        except KubeError as error:
            failed = error
    former = former_manifest(live)
    lost = NOT_AGAIN if has_ended(live) else _create_again(client, discovery, former)
    if not lost:
        raise KubeError(f"{failed}; the former object was created again", **failed.result)
    raise UnfinishedError(
        f"{failed}; {lost}; it is in the result under lost",
        ObjectChange(ref_of(live), "deleted", live, None),
        **{**failed.result, "lost": former},
    )


def _create_again(client: KubeClient, discovery: Discovery, former: dict) -> str:
    """Create the former object; return why it could not be created, or nothing."""
    collection = discovery.path(ref_of(former)).rpartition("/")[0]
    try:
        # the next apply takes its fields over
        client.post(collection, former, fieldManager=field_managers.DECLARE)
    except KubeError as error:
        return f"the former object could not be created again ({error})"
    return ""


def has_ended(obj: dict) -> bool:
    """Return whether an object is a Job that is complete or has failed. Created again, it would run again."""
    return kind_of(obj) == "Job" and any(
        condition_is_true(obj, kind) for kind in ("Complete", "Failed")
    )


def former_manifest(live: dict) -> dict:
    """Return the manifest that creates an object again: without what the server makes up for each new one."""
    manifest = whole_manifest(live)
    return without_job_labels(manifest) if kind_of(live) == "Job" else manifest
