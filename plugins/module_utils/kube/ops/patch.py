"""Patch one existing object, exactly once.

Each request names the resourceVersion of the object that was read. So the API server carries it out on that version or
not at all, the difference of the two versions is what the patch did, and a request whose answer was lost cannot take
effect twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ansible_collections.slipway.lab.plugins.module_utils.common.json_patch import (
    FailedTestError,
    JsonPatchError,
    apply_patch,
    value_at,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube import client as kube_client
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.conflicts import explain
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.object_change import (
    ObjectChange,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.diff import changes
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import ApiError, KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import covers, ref_of
from ansible_collections.slipway.lab.plugins.module_utils.kube.retry import MAX_CONFLICT_ATTEMPTS

TYPES = {
    "json": kube_client.JSON_PATCH,
    "merge": kube_client.MERGE,
    "strategic": kube_client.STRATEGIC,
    "apply": kube_client.APPLY,
}
VERSION = "/metadata/resourceVersion"


@dataclass(frozen=True)
class Patch:
    """A patch, and how it is sent.

    Args:
        type: A name of TYPES.
        body: The patch.
        manager: The field manager.
        subresource: The subresource that is patched, or an empty text for the object itself.
        version: The resourceVersion that the object must have, or an empty text for any.
        force: Whether to take over fields of other managers, for the type ``apply``.
        dry_run: Whether the server is only asked, and nothing is changed.
    """

    type: str
    body: Any
    manager: str
    subresource: str = ""
    version: str = ""
    force: bool = False
    dry_run: bool = False

    def body_for(self, base: dict) -> Any:
        """Return the body of a request that takes effect on this version of the object only."""
        metadata = base["metadata"]
        version = metadata["resourceVersion"]
        if self.type == "json":
            # not a test: a mismatch is a conflict then, and differs from a failed test of the user
            return [*self.body, {"op": "replace", "path": VERSION, "value": version}]
        given = {**(self.body.get("metadata") or {}), "resourceVersion": version}
        if self.type != "apply":
            return {**self.body, "metadata": given}
        # with the uid, the server does not create an object that was deleted in the meantime
        given.update(
            {name: metadata[name] for name in ("name", "namespace", "uid") if name in metadata}
        )
        return {
            **self.body, "apiVersion": base["apiVersion"], "kind": base["kind"], "metadata": given,
        }  # fmt: skip

    def query(self) -> dict:
        """Return the parameters of the request."""
        query = {"fieldManager": self.manager, "fieldValidation": "Strict"}
        if self.type == "apply":
            query["force"] = self.force
        if self.dry_run:
            query["dryRun"] = "All"
        return query


class ObjectPatcher:
    """Sends a patch to one object.

    Args:
        client: Sends the requests.
        path: Path of the object.
        live: The object as it was read.
        patch: The patch.
    """

    def __init__(self, client: kube_client.KubeClient, path: str, live: dict, patch: Patch):
        self._client = client
        self._path = path
        self._live = live
        self._patch = patch
        self._ref = ref_of(live)

    def run(self) -> ObjectChange:
        """Patch the object.

        Returns:
            The change, with the action ``patched`` or ``unchanged``.

        Raises:
            KubeError: The API server refused the patch, the object does not have the expected resourceVersion, or other
                clients changed it each time.
        """
        base = self._read() if self._patch.subresource == "scale" else self._live
        self._check_version(base)
        for _ in range(MAX_CONFLICT_ATTEMPTS):
            try:
                return self._change(base, self._send(base))
            except ApiError as error:
                refusal = error
            if refusal.status == 403:
                raise self._explained(refusal, base) from refusal
            now = self._read()
            if self._may_have_arrived(refusal) and self._took_effect(base, now):
                return self._change_seen_later(base, now)
            if refusal.status != 409 or refusal.conflicts():
                raise self._explained(refusal, now) from refusal
            base = now
            self._check_version(base)
        raise KubeError(
            f"{self._ref}: other clients changed it {MAX_CONFLICT_ATTEMPTS} times while it was to be patched; "
            "it was not patched"
        )

    def _send(self, base: dict, dry_run: bool = False) -> dict:
        patch = self._patch
        path = f"{self._path}/{patch.subresource}" if patch.subresource else self._path
        query = {**patch.query(), **({"dryRun": "All"} if dry_run else {})}
        return self._client.patch(path, patch.body_for(base), TYPES[patch.type], **query)

    def _read(self) -> dict:
        path = f"{self._path}/scale" if self._patch.subresource == "scale" else self._path
        found = self._client.get_or_none(path)
        if not found or found["metadata"]["uid"] != self._live["metadata"]["uid"]:
            end = "was deleted and created again" if found else "no longer exists"
            raise KubeError(f"{self._ref} {end}; it was not patched")
        return found

    def _check_version(self, base: dict) -> None:
        wanted, found = self._patch.version, base["metadata"]["resourceVersion"]
        if wanted and found != wanted:
            raise KubeError(
                f"{self._ref}: resource_version says {wanted}, but it has {found}; it was not patched"
            )

    def _change(self, base: dict, after: dict) -> ObjectChange:
        """Return the change by a patch of ``base``, which the server answered with ``after``."""
        if self._patch.dry_run:  # keeps the resourceVersion
            return self._change_if(_content(base) != _content(after), base, after)
        versions = {obj["metadata"]["resourceVersion"] for obj in (base, after)}
        return self._change_if(len(versions) > 1, base, after)

    def _change_seen_later(self, base: dict, now: dict) -> ObjectChange:
        """Return the change by a patch of ``base`` whose answer was lost."""
        part = self._patch.subresource
        return self._change_if(_content(base, part) != _content(now, part), base, now)

    def _change_if(self, changed: bool, before: dict, after: dict) -> ObjectChange:
        if not changed:
            return ObjectChange(self._ref, "unchanged", before, after)
        fields = changes(before, after, with_status=self._patch.subresource == "status")
        return ObjectChange(self._ref, "patched", before, after, fields)

    def _may_have_arrived(self, refusal: ApiError) -> bool:
        """Return whether an earlier attempt may be the reason: it changed the version, or what a test expects."""
        return (
            refusal.after_lost_answer
            and not self._patch.dry_run
            and (refusal.status == 409 or (refusal.status == 422 and self._patch.type == "json"))
        )

    def _took_effect(self, base: dict, now: dict) -> bool:
        """Return whether a request whose answer was lost has changed ``base`` to ``now``.

        Raises:
            KubeError: Another client has changed the same fields, so the object does not show it.
        """
        body = self._patch.body
        if self._patch.type != "json":
            # another attempt would have no effect
            return _content(self._send(now, dry_run=True)) == _content(now)
        try:
            after = apply_patch(base, body)
        except JsonPatchError:
            return False
        places = _places(body)
        before, expected, found = (
            [_found(obj, place) for place in places] for obj in (base, after, now)
        )
        if found == before:
            return found == expected
        if all(map(covers, found, expected)):
            return True
        raise KubeError(
            f"{self._ref}: the answer to the patch was lost, and its fields differ from both before and after it: "
            "another client changes them too. Read the object before you patch it again",
            changed=True,
        )

    def _explained(self, error: ApiError, base: dict) -> KubeError:
        patch = self._patch
        if error.status == 415 and patch.type == "strategic":
            return KubeError(
                f"{self._ref}: the API server has no strategic merge for the kind {self._ref.kind}; "
                "use type: merge, or type: apply"
            )
        if error.status == 404 and patch.subresource:
            return KubeError(
                f"{self._ref}: {error}; does it have the subresource {patch.subresource}?"
            )
        if patch.type == "json" and error.status == 422:
            try:
                apply_patch(base, patch.body)
            except JsonPatchError as reason:
                text = str(reason)
                if isinstance(reason, FailedTestError) and self._ref.kind == "Secret":
                    text = f"test {reason.place}: it has another value"
                return KubeError(f"{self._ref}: {text}; it was not patched")
        return explain(error, self._ref)


def _places(patch: list[dict]) -> list[str]:
    """Return the places that a JSON patch writes to; of an element of a list, the list."""
    found = set()
    for operation in patch:
        if operation["op"] == "test":
            continue
        for name in ("path", "from") if operation["op"] == "move" else ("path",):
            above, _, last = operation[name].rpartition("/")
            found.add(above if last == "-" or last.isdigit() else operation[name])
    return sorted(found)


def _found(obj: dict, place: str) -> Any:
    try:
        return value_at(obj, place)
    except (KeyError, IndexError, TypeError, ValueError):
        return None


def _content(obj: dict, subresource: str | None = None) -> dict:
    """Return an object without its version, and without the times in its record of owners.

    Args:
        obj: The object.
        subresource: Leaves out the other parts, which controllers write: the status, unless it is the subresource.
    """
    hidden = ("resourceVersion", "generation", "managedFields")
    metadata = {name: value for name, value in obj["metadata"].items() if name not in hidden}
    owners = [
        {name: value for name, value in entry.items() if name != "time"}
        for entry in obj["metadata"].get("managedFields") or []
        if subresource is None or entry.get("subresource", "") == subresource
    ]
    content = {**obj, "metadata": metadata, "owners": owners}
    if subresource is not None and subresource != "status":
        content.pop("status", None)
    return content
