"""Prune recorded members only, by the ApplySet convention (KEP 3659), which kubectl also implements.

A parent object names the group-kinds of its members, and the tool that manages the set; each member carries its id.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cached_property

from ansible_collections.slipway.lab.plugins.module_utils.kube import field_managers
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply import gitops
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.set_parent import (
    BUILT_IN,
    ID,
    KINDS,
    PREFIX,
    TOOL,
    TOOLING,
    SetParent,
    find_parent,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.client import (
    APPLY,
    KubeClient,
    gather,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.discovery import Discovery
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ObjectRef, group_of

PART_OF = f"{PREFIX}/part-of"
NAMESPACES = f"{PREFIX}/additional-namespaces"


class ApplySet:
    """The record of one set of objects.

    Args:
        client: Sends the requests.
        resources: Finds the kinds of the members.
        name: The parent; see ``parent_of``.
        namespace: The namespace of the task, and of a parent whose kind has namespaces.

    The attribute ``parent`` is the parent that was read, or None without one.
    """

    def __init__(self, client: KubeClient, resources: Discovery, name: str, namespace: str):
        self.client = client
        self.resources = resources
        self.name = name
        self._task_namespace = namespace
        self.parent: dict | None = None

    @cached_property
    def _at(self) -> SetParent:
        return find_parent(self.client, self.resources, self.name, self._task_namespace)

    @cached_property
    def id(self) -> str:
        """Return the id of the set, which follows from its parent."""
        resource, namespace, name = self._at
        text = f"{name}.{namespace}.{resource.kind}.{resource.group}"
        digest = hashlib.sha256(text.encode()).digest()
        return f"applyset-{base64.urlsafe_b64encode(digest).decode().rstrip('=')}-v1"

    def label(self, objects: list[dict]) -> None:
        """Mark objects as members."""
        for obj in objects:
            obj["metadata"]["labels"] = {**(obj["metadata"].get("labels") or {}), PART_OF: self.id}

    def check_members(self, live: dict[ObjectRef, dict]) -> None:
        """Refuse objects that are members of another set, which would prune them, or lose them.

        Raises:
            KubeError: One of the objects belongs to another set.
        """
        for ref, obj in live.items():
            other = (obj["metadata"].get("labels") or {}).get(PART_OF, self.id)
            if other != self.id:
                owner = described(self.client, self._task_namespace, other)
                raise KubeError(
                    f"{ref} belongs to {owner}, so this task must not declare it for {self.name}; "
                    "declare it in one of them only, or take it over with force: true"
                )

    def read(self, takes_over: bool = False) -> None:
        """Look at the record.

        Args:
            takes_over: Whether the set may belong to another tool.

        Raises:
            KubeError: The name belongs to something else, or to the set of another tool.
        """
        self.parent = self.client.get_or_none(self._at.path)
        if not self.parent:
            if self._at.is_custom:
                raise KubeError(
                    f"applyset: {self._at} does not exist; create it first, "
                    "because only Secrets and ConfigMaps are created as parents"
                )
            return
        metadata = self.parent["metadata"]
        if (metadata.get("labels") or {}).get(ID) != self.id:
            step = f" or mark it with {self._at.marking(self.id)}" if self._at.is_custom else ""
            raise KubeError(
                f"applyset: {self._at} exists and is not an ApplySet; choose another name{step}"
            )
        _check_record(str(self._at), metadata.get("annotations") or {}, takes_over)

    def _recorded(self, annotation: str) -> set[str]:
        metadata = (self.parent or {}).get("metadata") or {}
        text = (metadata.get("annotations") or {}).get(annotation, "")
        return {part for part in text.split(",") if part}

    def widen_parent(self, keys: list[ObjectRef]) -> bool:
        """Record the kinds that are about to be applied in addition to the recorded ones.

        This happens before the apply, so that no member is lost when the apply is interrupted.
        """
        return self._write(
            self._recorded(KINDS) | {_group_kind(key) for key in keys},
            self._recorded(NAMESPACES) | self._others(keys),
        )

    def narrow_parent(self, keys: list[ObjectRef]) -> bool:
        """Record only the kinds of existing members, after pruning."""
        return self._write({_group_kind(key) for key in keys}, self._others(keys))

    def _others(self, keys: list[ObjectRef]) -> set[str]:
        return {
            key.namespace for key in keys if key.namespace and key.namespace != self._at.namespace
        }

    def _write(self, kinds: set[str], namespaces: set[str]) -> bool:
        annotations = ((self.parent or {}).get("metadata") or {}).get("annotations") or {}
        if (
            annotations.get(TOOLING) == TOOL
            and kinds == self._recorded(KINDS)
            and namespaces == self._recorded(NAMESPACES)
        ):
            return False
        resource, namespace, name = self._at
        body = {
            "apiVersion": resource.api_version,
            "kind": resource.kind,
            "metadata": {
                "name": name,
                **({"namespace": namespace} if namespace else {}),
                "labels": {ID: self.id},
                "annotations": {
                    TOOLING: TOOL,
                    KINDS: ",".join(sorted(kinds)),
                    NAMESPACES: ",".join(sorted(namespaces)),
                },
            },
        }
        self.parent = self.client.patch(
            self._at.path, body, APPLY, fieldManager=field_managers.APPLYSET, force=True
        )
        return True

    def prune_candidates(self, keys: list[ObjectRef]) -> dict[ObjectRef, dict]:
        """Return the existing members that are not among ``keys``.

        An object of a controller is not a member, because some controllers copy labels: those of a Service to
        EndpointSlices. Neither is an object that Argo CD or Flux labels, from a copied manifest for example.
        """
        keep = {(group_of(key.api_version), key.kind, key.namespace, key.name) for key in keys}
        places = []
        for group_kind in sorted(self._recorded(KINDS)):
            kind, _, group = group_kind.partition(".")
            resource = self.resources.preferred(group, kind)
            if not resource:
                continue
            own = [self._at.namespace] if self._at.namespace else []
            spaces = [*own, *sorted(self._recorded(NAMESPACES))] if resource.namespaced else [""]
            places += [(resource, space) for space in spaces]
        found: dict[ObjectRef, dict] = {}
        answers = gather(
            self.client,
            lambda at: self.client.list_all(
                at[0].collection(at[1]), labelSelector=f"{PART_OF}={self.id}"
            )[0],
            places,
        )
        for (resource, space), items in zip(places, answers):
            for item in items:
                name = item["metadata"]["name"]
                if _is_member(item) and (resource.group, resource.kind, space, name) not in keep:
                    key = ObjectRef(resource.api_version, resource.kind, space, name)
                    found[key] = {"apiVersion": resource.api_version, "kind": resource.kind, **item}
        return found


def has_member(record: ApplySet, obj: dict) -> bool:
    """Return whether an object is a member of a set."""
    return (obj["metadata"].get("labels") or {}).get(PART_OF) == record.id


def check_new(record: ApplySet, live: dict[ObjectRef, dict]) -> None:
    """Refuse objects that exist and are not members of a set.

    Args:
        record: The set.
        live: The objects.

    Raises:
        KubeError: There are such objects. The message names all of them.
    """
    foreign = [str(ref) for ref, obj in live.items() if not has_member(record, obj)]
    if foreign:
        raise KubeError(
            f"{', '.join(foreign)}: not created by {record.name}, so this task does not change it; choose another "
            "name, delete it, or take it over with adopt: true"
        )


def _group_kind(key: ObjectRef) -> str:
    group = group_of(key.api_version)
    return f"{key.kind}.{group}" if group else key.kind


def _check_record(name: str, annotations: dict, takes_over: bool) -> None:
    tool = annotations.get(TOOLING, "")
    if tool.partition("/")[0] != TOOL.partition("/")[0] and not takes_over:
        raise KubeError(
            f"applyset: {name} is a set of {tool or 'an unnamed tool'}, and only one tool may manage a set; "
            "choose another name, or take the set over with force: true"
        )
    if KINDS not in annotations:
        raise KubeError(
            f"applyset: {name} does not record the kinds of its members, so they cannot be found; "
            f"apply the set once with a newer kubectl, or set the annotation {KINDS}"
        )


def _is_member(obj: dict) -> bool:
    owners = obj["metadata"].get("ownerReferences") or []
    is_controlled = any(owner.get("controller") for owner in owners)
    return not is_controlled and not gitops.has_labelled(obj, PART_OF)


def described(client: KubeClient, namespace: str, identity: str) -> str:
    """Return the name of a set of a namespace, given by its id, or the id if its parent is not found."""
    names = []
    for resource in BUILT_IN.values():
        try:
            path = resource.collection(namespace)
            parents, _ = client.list_all(path, labelSelector=f"{ID}={identity}")
        except KubeError:  # not allowed to look
            continue
        names += [parent["metadata"]["name"] for parent in parents]
    return f"the applyset {names[0]}" if names else f"another applyset ({identity})"
