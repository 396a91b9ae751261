"""Objects go out: in dependency order, side by side, by server-side apply, and only when they
differ.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from ansible_collections.slipway.lab.plugins.module_utils.common.deadline import Deadline
from ansible_collections.slipway.lab.plugins.module_utils.kube import field_managers
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply import (
    managed_fields as kube_managed,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.client import (
    APPLY,
    KubeClient,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.diff import changes
from ansible_collections.slipway.lab.plugins.module_utils.kube.discovery import Discovery, Resource
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import ApiError, KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.kinds import apply_wave
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import (
    ObjectRef,
    condition_is_true,
    group_of,
    ref_of,
    reference,
    selector_text,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.paths import path_segment
from ansible_collections.slipway.lab.plugins.module_utils.kube.watch import wait_until

# reading a whole collection is cheaper than this many single objects
LIST_FROM = 4


@dataclass
class ObjectChange:
    """What happened, or would happen, to one object."""

    ref: ObjectRef
    action: str
    before: dict | None = None
    after: dict | None = None
    changes: list[dict] = field(default_factory=list)

    @property
    def changed(self) -> bool:
        """Whether anything is different now."""
        return self.action != "unchanged"

    def result(self) -> dict:
        """As a module returns it."""
        return {**reference(self.ref), "action": self.action, "changes": self.changes}


class ApplyError(KubeError):
    """Some objects were refused. ``done`` are the changes that were made before."""

    def __init__(self, message: str, done: list[ObjectChange], errors: list[dict]):
        super().__init__(message, errors=errors)
        self.done = done


class Applier:
    """Applies and deletes objects.

    ``force`` takes over fields of other managers, ``recreate`` deletes and makes again what can not
    be
    changed in place, ``dry_run`` asks the server and changes nothing.
    """

    def __init__(
        self,
        client: KubeClient,
        resources: Discovery,
        deadline: Deadline,
        *,
        manager: str = field_managers.DECLARE,
        force: bool = False,
        recreate: bool = False,
        dry_run: bool = False,
        validate: str = "strict",
        progress: Callable[[str], None] = lambda text: None,
    ):
        self.client = client
        self.resources = resources
        self.deadline = deadline
        self.manager = manager
        self.force = force
        self.recreate = recreate
        self.dry_run = dry_run
        self.validate = validate.capitalize()
        self.progress = progress

    # -- reading
    # -------------------------------------------------------------------------------------

    def live(self, keys: list[ObjectRef]) -> dict[ObjectRef, dict]:
        """What is there of these objects: few of a collection one by one, many by one list."""
        groups = defaultdict(list)
        for key in keys:
            resource = self.resources.find(key.api_version, key.kind)
            if resource:
                groups[(resource, key.namespace)].append(key)
        single = [key for group in groups.values() if len(group) < LIST_FROM for key in group]
        whole = [place for place, group in groups.items() if len(group) >= LIST_FROM]
        work = [*single, *whole]
        found: dict[ObjectRef, dict] = {}
        for item, answer in zip(work, self.client.parallel(self._read, work), strict=False):
            if isinstance(answer, KubeError):
                raise answer
            if isinstance(item, ObjectRef):
                if answer:
                    found[item] = answer
                continue
            resource, namespace = item
            wanted = {key.name: key for key in groups[item]}
            for obj in answer:
                if obj["metadata"]["name"] in wanted:
                    # items of a list do not say what they are
                    found[wanted[obj["metadata"]["name"]]] = {
                        "apiVersion": resource.api_version, "kind": resource.kind, **obj,
                    }  # fmt: skip
        return found

    def _read(self, item):
        if isinstance(item, ObjectRef):
            return self.client.get_or_none(self.resources.path(item))
        resource, namespace = item
        return self.client.list_all(resource.collection(namespace))[0]

    # -- applying
    # ------------------------------------------------------------------------------------

    def apply(self, objects: list[dict], live: dict[ObjectRef, dict]) -> list[ObjectChange]:
        """Apply wave by wave. Raises ApplyError after the wave in which something was refused."""
        waves = defaultdict(list)
        for obj in objects:
            waves[apply_wave(obj["kind"])].append(obj)
        done: list[ObjectChange] = []
        coming = {ref_of(obj) for obj in objects}
        for number in sorted(waves):
            wave = waves[number]
            results = self.client.parallel(
                lambda obj: self._one(obj, live.get(ref_of(obj)), coming), wave
            )
            done += [result for result in results if isinstance(result, ObjectChange)]
            refused = [
                (ref_of(obj), error)
                for obj, error in zip(wave, results, strict=False)
                if isinstance(error, KubeError)
            ]
            if refused:
                raise ApplyError(
                    _refusal(refused), done, [_error(key, error) for key, error in refused]
                )
            self._settle(number, [result for result in results if result.changed])
            self.progress(f"applied {len(done)} of {len(objects)} objects")
        return done

    def _one(self, obj: dict, live: dict | None, coming: set[ObjectRef]) -> ObjectChange:
        key = ref_of(obj)
        if live and kube_managed.unchanged(obj, live, self.manager):
            return ObjectChange(key, "unchanged", live, live)
        try:
            after = self._send(obj)
        except ApiError as error:
            if self.dry_run and not live and self._comes_first(error, key, coming):
                return ObjectChange(key, "created", None, obj)
            if not error.immutable:
                raise _explained(error, key) from error
            if not self.recreate:
                raise KubeError(
                    f"{key}: this change is not possible in place ({_causes(error)}); "
                    "recreate: true deletes the object and makes it again",
                ) from error
            return self._again(obj, live)
        except KubeError as error:
            if self.dry_run and key.api_version in self._versions_of(coming):
                return ObjectChange(key, "created", None, obj)
            raise KubeError(f"{key}: {error}", **error.result) from error
        if not live:
            return ObjectChange(key, "created", None, after)
        difference = changes(live, after)
        # without a difference only the record of owners is another: no change in a person's eyes
        return ObjectChange(
            key, "configured" if difference else "unchanged", live, after, difference
        )

    def _send(self, obj: dict, force: bool | None = None) -> dict:
        force = self.force if force is None else force
        query = {"fieldManager": self.manager, "force": force, "fieldValidation": self.validate}
        if self.dry_run:
            query["dryRun"] = "All"
        try:
            return self.client.patch(self.resources.path(ref_of(obj)), obj, APPLY, **query)
        except ApiError as error:
            owners = {entry["owner"] for entry in error.conflicts()}
            if owners and owners <= set(field_managers.YIELDING) and not force:
                return self._send(obj, force=True)
            raise

    def _again(self, obj: dict, live: dict | None) -> ObjectChange:
        key = ref_of(obj)
        if not self.dry_run:
            self.delete([key], wait=True)
            after = self._send(obj)
        else:
            after = obj
        return ObjectChange(key, "recreated", live, after, changes(live, after))

    def _comes_first(self, error: ApiError, key: ObjectRef, coming: set[ObjectRef]) -> bool:
        """A dry run can not see the namespace that this very task would make."""
        return error.status == 404 and any(
            k.kind == "Namespace" and k.name == key.namespace for k in coming
        )

    def _versions_of(self, coming: set[ObjectRef]) -> set[str]:
        """Versions that are not served yet while a definition of kinds is on its way."""
        if not any(key.kind == "CustomResourceDefinition" for key in coming):
            return set()
        return {
            key.api_version for key in coming if not self.resources.find(key.api_version, key.kind)
        }

    def _settle(self, wave: int, made: list[ObjectChange]) -> None:
        """Definitions of kinds serve only when they are established."""
        if self.dry_run:
            return
        for change in made:
            if change.ref.kind != "CustomResourceDefinition":
                continue
            wait_until(
                self.client,
                self.resources.path(change.ref).rpartition("/")[0],
                change.ref.name,
                lambda obj: obj is not None and condition_is_true(obj, "Established"),
                self.deadline,
                f"{change.ref} is not established",
            )
            for version in (change.after or {}).get("spec", {}).get("versions") or []:
                self.resources.forget(f"{change.after['spec']['group']}/{version['name']}")

    # -- deleting
    # ------------------------------------------------------------------------------------

    def delete(
        self, keys: list[ObjectRef], wait: bool, live: dict[ObjectRef, dict] | None = None
    ) -> list[ObjectChange]:
        """Delete in the reverse order of creation; ``wait`` until they and what they own are
        gone.
        """
        waves = defaultdict(list)
        for key in keys:
            waves[-apply_wave(key.kind)].append(key)
        done: list[ObjectChange] = []
        for number in sorted(waves):
            results = self.client.parallel(lambda key: self._delete(key, wait), waves[number])
            refused = [
                (key, error)
                for key, error in zip(waves[number], results, strict=False)
                if isinstance(error, KubeError)
            ]
            done += [
                ObjectChange(key, "deleted", (live or {}).get(key), None)
                for key, answer in zip(waves[number], results, strict=False)
                if answer is not None and not isinstance(answer, KubeError)
            ]
            if refused:
                raise ApplyError(
                    _refusal(refused), done, [_error(key, error) for key, error in refused]
                )
        return done

    def _delete(self, key: ObjectRef, wait: bool):
        resource = self.resources.find(key.api_version, key.kind)
        if not resource:
            return None
        query = {"dryRun": "All"} if self.dry_run else {}
        # in the foreground an object stays until all that it owns is gone
        body = {"propagationPolicy": "Foreground" if wait else "Background"}
        path = resource.path(key.namespace, key.name)
        try:
            answer = self.client.delete(path, body, **query)
        except ApiError as error:
            raise _explained(error, key) from error
        if answer is not None and wait and not self.dry_run:
            self._until_gone(resource, key, answer)
        return answer

    def _until_gone(self, resource: Resource, key: ObjectRef, answer: dict) -> None:
        try:
            wait_until(
                self.client,
                resource.collection(key.namespace),
                key.name,
                lambda obj: obj is None or obj["metadata"].get("uid") != _uid(answer),
                self.deadline,
                f"{key} is still there",
            )
        except KubeError as error:
            raise KubeError(f"{error}{self._holders(key)}") from error

    def _holders(self, key: ObjectRef) -> str:
        """What keeps an object from going: finalizers, pods that do not end."""
        live = self.client.get_or_none(self.resources.path(key)) or {}
        text = ""
        finalizers = (live.get("metadata") or {}).get("finalizers")
        if finalizers:
            text += f"; finalizers {', '.join(finalizers)}"
        selector = (live.get("spec") or {}).get("selector")
        if isinstance(selector, dict) and selector.get("matchLabels"):
            path = f"/api/v1/namespaces/{path_segment(key.namespace)}/pods"
            pods, _ = self.client.list_all(path, labelSelector=selector_text(selector))
            names = [pod["metadata"]["name"] for pod in pods]
            if names:
                text += f"; {len(names)} pods have not ended: {', '.join(names[:5])}"
        return text


def _uid(answer: dict) -> str:
    """The uid in the answer to a DELETE: of the object itself, or of the Status' details."""
    return (
        (answer.get("metadata") or {}).get("uid") or (answer.get("details") or {}).get("uid") or ""
    )


def _causes(error: ApiError) -> str:
    named = [f"{cause.get('field')}: {cause.get('message', '')[-160:]}" for cause in error.causes]
    return "; ".join(named) or str(error)


def _explained(error: ApiError, key: ObjectRef) -> KubeError:
    """The server's refusal in terms of what the task declared."""
    conflicts = error.conflicts()
    if conflicts:
        listed = ", ".join(f"{entry['field']} belongs to {entry['owner']}" for entry in conflicts)
        return KubeError(
            f"{key}: other managers own fields that this task declares: {listed}; "
            "leave the fields out, or take them over with force: true",
            conflicts=conflicts,
        )
    if error.status == 404 and "namespaces" in str(error):
        return KubeError(
            f"{key}: namespace {key.namespace} does not exist; make it first, or set "
            "create_namespace: true"
        )
    text = str(error)
    if error.status == 404 and group_of(key.api_version):
        text += f" ({key.api_version} {key.kind})"
    return KubeError(f"{key}: {text}", **error.result)


def _error(key: ObjectRef, error: KubeError) -> dict:
    return {**reference(key), "message": str(error), **error.result}


def _refusal(refused: list[tuple[ObjectRef, KubeError]]) -> str:
    lines = [
        str(error) if str(error).startswith(key.kind) else f"{key}: {error}"
        for key, error in refused
    ]
    shown = lines[:10]
    if len(lines) > len(shown):
        shown.append(f"... and {len(lines) - len(shown)} more")
    return "\n".join(shown)
