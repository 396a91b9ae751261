"""Wait until a deleted object has disappeared."""

from __future__ import annotations

import queue
import time

from ansible_collections.slipway.lab.plugins.module_utils.common.deadline import Deadline
from ansible_collections.slipway.lab.plugins.module_utils.common.selectors import selector_text
from ansible_collections.slipway.lab.plugins.module_utils.kube.client import KubeClient
from ansible_collections.slipway.lab.plugins.module_utils.kube.discovery import Resource
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import ApiError, KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import (
    ObjectRef,
    first_of,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.paths import (
    name_selector,
    path_segment,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.watch import Event, Watch

MAX_PODS_NAMED = 5
MAX_NAMED = 5
# between two looks at an object that cannot be watched
LOOK_SECONDS = 1.0


def wait_until_deleted(
    client: KubeClient, resource: Resource, ref: ObjectRef, answer: dict, deadline: Deadline
) -> None:
    """Wait until the API server no longer has the object.

    Args:
        client: Watches the object.
        resource: The resource of its kind.
        ref: Identifies the object.
        answer: The answer to the DELETE.
        deadline: When the wait ends.

    Raises:
        KubeError: The object still exists at the deadline. The text names what blocks it.
    """
    identity = {"namespace": ref.namespace, "name": ref.name, "uid": _uid_in(answer)}
    wait_until_all_deleted(client, resource, [{"metadata": identity}], deadline)


def wait_until_all_deleted(
    client: KubeClient, resource: Resource, objects: list[dict], deadline: Deadline
) -> None:
    """Wait until the API server no longer has any of the objects, with one watch.

    Args:
        client: Watches the objects.
        resource: The resource of their kind.
        objects: The objects as they were before the deletion.
        deadline: When the wait ends.

    Raises:
        KubeError: Some still exist at the deadline. The text names what blocks the first ones.
    """
    namespaces = {obj["metadata"].get("namespace", "") for obj in objects}
    place = namespaces.pop() if len(namespaces) == 1 else ""
    single = objects[0]["metadata"]["name"] if len(objects) == 1 else ""
    events: queue.Queue = queue.Queue()
    selector = name_selector(single) if single else ""
    watch = Watch(
        client, resource.collection(place), events, keep=_identity, fieldSelector=selector
    )
    watch.start()
    left = {_place(obj): obj for obj in objects}
    try:
        while left:
            try:
                event = events.get(timeout=deadline.remaining())
            except queue.Empty:
                raise _still_there(client, resource, list(left.values()), deadline) from None
            if event.kind == "FAILED":
                if getattr(event.value, "status", 0) != 403:
                    raise event.value
                # a narrow account may watch only what it names, or nothing
                if single:
                    _look_until_deleted(client, resource, objects[0], deadline, event.value)
                else:
                    _wait_one_by_one(client, resource, list(left.values()), deadline)
                return
            _strike_out(left, event)
    finally:
        watch.close()


def _look_until_deleted(
    client: KubeClient, resource: Resource, obj: dict, deadline: Deadline, refusal: KubeError
) -> None:
    path, uid = resource.path(*_place(obj)), obj["metadata"]["uid"]
    while True:
        try:
            live = client.get_or_none(path)
        except ApiError as error:
            # without the right to look either, the one to watch is that which is missing
            raise (refusal if error.status == 403 else error) from None
        if not live or uid and live["metadata"]["uid"] != uid:
            return
        if deadline.remaining() < LOOK_SECONDS:
            raise _still_there(client, resource, [obj], deadline)
        time.sleep(LOOK_SECONDS)


def _wait_one_by_one(
    client: KubeClient, resource: Resource, objects: list[dict], deadline: Deadline
) -> None:
    answers = client.parallel(
        lambda obj: wait_until_all_deleted(client, resource, [obj], deadline), objects
    )
    errors = [answer for answer in answers if isinstance(answer, KubeError)]
    if errors:
        raise KubeError("\n".join(map(str, errors)))


def _strike_out(left: dict[tuple[str, str], dict], event: Event) -> None:
    """Remove from ``left`` the objects that are gone after an event."""
    if event.kind == "LIST":
        uids = {obj["metadata"]["uid"] for obj in event.value}
        for place in [place for place, obj in left.items() if obj["metadata"]["uid"] not in uids]:
            del left[place]
        return
    place = _place(event.value)
    here = left.get(place)
    if here is None:
        return
    # one of the same name with another uid is a successor
    if event.kind == "DELETED" or event.value["metadata"]["uid"] != here["metadata"]["uid"]:
        del left[place]


def _place(obj: dict) -> tuple[str, str]:
    return obj["metadata"].get("namespace", ""), obj["metadata"]["name"]


def _identity(obj: dict) -> dict:
    metadata = obj["metadata"]
    return {"metadata": {name: metadata.get(name, "") for name in ("namespace", "name", "uid")}}


def _still_there(
    client: KubeClient, resource: Resource, objects: list[dict], deadline: Deadline
) -> KubeError:
    refs = [
        ObjectRef(resource.api_version, resource.kind, *_place(obj)) for obj in objects[:MAX_NAMED]
    ]
    lines = [f"{ref} still exists{_blockers(client, resource, ref)}" for ref in refs]
    if len(objects) > len(refs):
        lines.append(f"... and {len(objects) - len(refs)} more")
    return KubeError("\n".join(lines) + f" (after {deadline.seconds:g} s)")


def _blockers(client: KubeClient, resource: Resource, ref: ObjectRef) -> str:
    """Return what keeps an object from disappearing: finalizers, pods, or what its controller reports."""
    live = client.get_or_none(resource.path(ref.namespace, ref.name)) or {}
    text = ""
    finalizers = (live.get("metadata") or {}).get("finalizers")
    if finalizers:
        text += f"; finalizers {', '.join(finalizers)}"
    selector = (live.get("spec") or {}).get("selector")
    if isinstance(selector, dict) and selector.get("matchLabels"):
        path = f"/api/v1/namespaces/{path_segment(ref.namespace)}/pods"
        pods, _ = client.list_all(path, labelSelector=selector_text(selector))
        names = [pod["metadata"]["name"] for pod in pods]
        if names:
            shown = ", ".join(names[:MAX_PODS_NAMED])
            text += f"; {len(names)} pods have not ended: {shown}"
    if ref.own_kind == "CustomResourceDefinition" and live:
        text += _instances(client, live["spec"])
    # a namespace reports what it still has, and what the API server does not list
    reports = (live.get("status") or {}).get("conditions") if ref.own_kind == "Namespace" else None
    reasons = [one for one in reports or [] if one.get("status") == "True"]
    return "; ".join([text, *(one.get("message", "") for one in reasons)])


def _instances(client: KubeClient, spec: dict) -> str:
    """Return which objects of a definition still exist, with their finalizers."""
    served = [version["name"] for version in spec.get("versions") or [] if version.get("served")]
    try:
        objects, _ = client.list_all(f"/apis/{spec['group']}/{served[0]}/{spec['names']['plural']}")
    except (KubeError, IndexError):
        return ""  # the account may not see them, or no version is served
    named = [
        f"{'/'.join(filter(None, _place(obj)))} ({', '.join(held)})"
        for obj in objects
        if (held := obj["metadata"].get("finalizers"))
    ]
    if not named:
        return ""
    return f"; objects of the kind {spec['names']['kind']} with finalizers: {first_of(named, MAX_NAMED)}"


def _uid_in(answer: dict) -> str:
    """Return the uid in the answer to a DELETE: of the object, or in the details of a Status."""
    return (
        (answer.get("metadata") or {}).get("uid") or (answer.get("details") or {}).get("uid") or ""
    )
