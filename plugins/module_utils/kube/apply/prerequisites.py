"""Handle objects that need another object of the same task first."""

from __future__ import annotations

import re
import time

from ansible_collections.slipway.lab.plugins.module_utils.common.deadline import Deadline
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.object_change import (
    ObjectChange,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.client import KubeClient
from ansible_collections.slipway.lab.plugins.module_utils.kube.discovery import Discovery
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import (
    ApiError,
    KubeError,
    UnseenError,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import (
    ObjectRef,
    condition,
    condition_is_true,
    group_of,
    ref_of,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.watch import wait_until

DEFINITION = "CustomResourceDefinition"
INITIAL_PAUSE, MAX_PAUSE = 0.05, 1.0


class Prerequisites:
    """The namespaces, kinds and other objects that a task itself creates.

    A dry run cannot see them, so the server refuses objects that need them, such as a pod without its ServiceAccount.

    Args:
        objects: All objects of the task.
        discovery: Reports which kinds are served already.
    """

    def __init__(self, objects: list[dict], discovery: Discovery):
        self._refs = {ref_of(obj) for obj in objects}
        self._discovery = discovery
        self._redefined: set[tuple[str, str]] = set()

    def note(self, made: list[ObjectChange]) -> None:
        """Take the definitions that change. The server still judges objects of their kinds by the present ones."""
        for change in made:
            if change.ref.own_kind == DEFINITION and change.changed and change.after:
                spec = change.after["spec"]
                self._redefined.add((spec["group"], spec["names"]["kind"]))

    def explain(self, error: KubeError, ref: ObjectRef) -> bool:
        """Return whether an object was only refused because its prerequisite does not exist yet."""
        if isinstance(error, ApiError):
            is_redefined = (group_of(ref.api_version), ref.kind) in self._redefined
            return (is_redefined and error.refuses_content) or any(
                error.status == 404
                and other.own_kind == "Namespace"
                and other.name == ref.namespace
                or error.status == 403
                and _is_missed(other, str(error))
                for other in self._refs - {ref}
            )
        return ref.api_version in self._unserved_versions()

    def _unserved_versions(self) -> set[str]:
        if not any(ref.own_kind == DEFINITION for ref in self._refs):
            return set()
        return {
            ref.api_version
            for ref in self._refs
            if not self._discovery.find(ref.api_version, ref.kind)
        }


def _is_missed(ref: ObjectRef, text: str) -> bool:
    """Return whether admission reports that it does not find an object: its kind in any spelling, and its name."""
    kind = f"{ref.kind}.*".lower()
    missed = rf"{kind}(?<![\w.-]){re.escape(ref.name)}(?![\w.-]).*(not|was) found"
    return re.search(missed, text.lower()) is not None


def wait_until_established(
    client: KubeClient,
    discovery: Discovery,
    deadline: Deadline,
    made: list[ObjectChange],
    done: list[ObjectChange],
) -> None:
    """Wait until the kinds that were defined are established and served.

    The API server lists a new kind in its discovery a moment after it set the condition
    ``Established``.

    Args:
        client: Sends the requests.
        discovery: Learns the new kinds.
        deadline: The end of the wait.
        made: The changes among which definitions are.
        done: All changes so far, which the error keeps.

    Raises:
        KubeError: A definition was not established, or its kind not served, at the deadline.
    """
    try:
        for change in made:
            if change.ref.own_kind == DEFINITION and change.changed:
                _wait_for_definition(client, discovery, deadline, change)
    except KubeError as error:
        error.done = done
        raise


def _wait_for_definition(
    client: KubeClient, discovery: Discovery, deadline: Deadline, change: ObjectChange
) -> None:
    seen: dict = {}

    def is_established(obj: dict | None) -> bool:
        seen.update(obj or {})
        return obj is not None and condition_is_true(obj, "Established")

    try:
        wait_until(
            client,
            discovery.path(change.ref).rpartition("/")[0],
            change.ref.name,
            is_established,
            deadline,
            f"{change.ref} is not established",
        )
    except UnseenError:
        raise
    except KubeError as error:
        reasons = [condition(seen, kind) for kind in ("NamesAccepted", "Established")]
        texts = [one.get("message") or "" for one in reasons if one.get("status") == "False"]
        raise KubeError("; ".join([str(error), *texts]), **error.result) from error
    spec = (change.after or {}).get("spec") or {}
    for version in spec.get("versions") or []:
        if version.get("served"):
            api_version = f"{spec['group']}/{version['name']}"
            _wait_until_served(discovery, deadline, api_version, spec["names"]["kind"])


def _wait_until_served(
    discovery: Discovery, deadline: Deadline, api_version: str, kind: str
) -> None:
    # discovery cannot be watched
    pause = INITIAL_PAUSE
    while True:
        discovery.forget(api_version)
        if discovery.find(api_version, kind):
            return
        if deadline.remaining() < pause:
            raise KubeError(
                f"{kind} of {api_version} is established, but the API server does not serve it "
                f"(after {deadline.seconds:g} s)"
            )
        time.sleep(pause)
        pause = min(pause * 2, MAX_PAUSE)
