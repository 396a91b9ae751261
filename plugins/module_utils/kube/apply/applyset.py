"""Prune recorded members only, by the ApplySet convention (KEP 3659), which kubectl also implements.

A parent object (a Secret, as kubectl's) names the group-kinds of its members; each member carries
its id.
"""

from __future__ import annotations

import base64
import hashlib

from ansible_collections.slipway.lab.plugins.module_utils.kube import field_managers
from ansible_collections.slipway.lab.plugins.module_utils.kube.client import (
    APPLY,
    KubeClient,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.discovery import Discovery
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ObjectRef, group_of
from ansible_collections.slipway.lab.plugins.module_utils.kube.paths import path_segment

PREFIX = "applyset.kubernetes.io"
PART_OF = f"{PREFIX}/part-of"
ID = f"{PREFIX}/id"
TOOLING = f"{PREFIX}/tooling"
KINDS = f"{PREFIX}/contains-group-kinds"
NAMESPACES = f"{PREFIX}/additional-namespaces"
TOOL = "slipway/v1"


class ApplySet:
    """The record of one set of objects, kept in ``namespace`` under ``name``."""

    def __init__(self, client: KubeClient, resources: Discovery, name: str, namespace: str):
        self.client = client
        self.resources = resources
        self.name = name
        self.namespace = namespace
        digest = hashlib.sha256(f"{name}.{namespace}.Secret.".encode()).digest()
        self.id = f"applyset-{base64.urlsafe_b64encode(digest).decode().rstrip('=')}-v1"
        self._parent: dict | None = None

    @property
    def parent(self) -> dict | None:
        """Return the Secret that was read, or None without one."""
        return self._parent

    @property
    def _path(self) -> str:
        return (
            f"/api/v1/namespaces/{path_segment(self.namespace)}/secrets/{path_segment(self.name)}"
        )

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
                raise KubeError(
                    f"{ref} belongs to {self._describe(other)}, so this task must not declare it for {self.name}; "
                    "declare it in one of them only, or take it over with force: true"
                )

    def _describe(self, identity: str) -> str:
        path = f"/api/v1/namespaces/{path_segment(self.namespace)}/secrets"
        try:
            parents, _ = self.client.list_all(path, labelSelector=f"{ID}={identity}")
        except KubeError:
            parents = []
        names = [parent["metadata"]["name"] for parent in parents]
        return f"the applyset {names[0]}" if names else f"another applyset ({identity})"

    def read(self) -> None:
        """Look at the record. Raises KubeError when the name belongs to something else."""
        self._parent = self.client.get_or_none(self._path)
        if not self._parent:
            return
        metadata = self._parent["metadata"]
        if (metadata.get("labels") or {}).get(ID) != self.id:
            raise KubeError(
                f"applyset: Secret {self.namespace}/{self.name} exists and is not an ApplySet; "
                "choose a name"
            )
        tool = (metadata.get("annotations") or {}).get(TOOLING, "")
        if not tool.startswith("slipway/"):
            raise KubeError(
                f"applyset: {self.namespace}/{self.name} belongs to {tool or 'another tool'}"
            )

    def _recorded(self, annotation: str) -> set[str]:
        metadata = (self._parent or {}).get("metadata") or {}
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
        return {key.namespace for key in keys if key.namespace and key.namespace != self.namespace}

    def _write(self, kinds: set[str], namespaces: set[str]) -> bool:
        if (
            self._parent
            and kinds == self._recorded(KINDS)
            and namespaces == self._recorded(NAMESPACES)
        ):
            return False
        body = {
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": {
                "name": self.name,
                "namespace": self.namespace,
                "labels": {ID: self.id},
                "annotations": {
                    TOOLING: TOOL,
                    KINDS: ",".join(sorted(kinds)),
                    NAMESPACES: ",".join(sorted(namespaces)),
                },
            },
        }
        self._parent = self.client.patch(
            self._path, body, APPLY, fieldManager=field_managers.APPLYSET, force=True
        )
        return True

    def prune_candidates(self, keys: list[ObjectRef]) -> dict[ObjectRef, dict]:
        """Return the existing members that are not among ``keys``."""
        keep = {(group_of(key.api_version), key.kind, key.namespace, key.name) for key in keys}
        places = []
        for group_kind in sorted(self._recorded(KINDS)):
            kind, _, group = group_kind.partition(".")
            resource = self.resources.preferred(group, kind)
            if not resource:
                continue
            spaces = (
                [self.namespace, *sorted(self._recorded(NAMESPACES))]
                if resource.namespaced
                else [""]
            )
            places += [(resource, space) for space in spaces]
        found: dict[ObjectRef, dict] = {}
        answers = self.client.parallel(
            lambda at: self.client.list_all(
                at[0].collection(at[1]), labelSelector=f"{PART_OF}={self.id}"
            )[0],
            places,
        )
        for (resource, space), items in zip(places, answers):
            if isinstance(items, KubeError):
                raise items
            for item in items:
                name = item["metadata"]["name"]
                if (resource.group, resource.kind, space, name) not in keep:
                    key = ObjectRef(resource.api_version, resource.kind, space, name)
                    found[key] = {"apiVersion": resource.api_version, "kind": resource.kind, **item}
        return found


def _group_kind(key: ObjectRef) -> str:
    group = group_of(key.api_version)
    return f"{key.kind}.{group}" if group else key.kind
