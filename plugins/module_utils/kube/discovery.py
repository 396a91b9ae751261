"""From apiVersion and kind to a path: discovery of only those API groups that are in use."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from ansible_collections.slipway.lab.plugins.module_utils.kube.client import KubeClient
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import ApiError, KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.kinds import KINDS
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import (
    ObjectRef,
    first_of,
    group_of,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.paths import path_segment

MAX_KINDS = 12


class Resource(NamedTuple):
    """A kind as the API server serves it.

    ``subresources`` are names such as ``status`` and ``scale``, ``short_names`` such as ``po`` and ``deploy``.
    The server answers an object of a kind that is not stored, such as a TokenReview, and forgets it.
    """

    api_version: str
    kind: str
    plural: str
    namespaced: bool
    subresources: frozenset[str] = frozenset()
    short_names: frozenset[str] = frozenset()
    is_stored: bool = True

    @property
    def group(self) -> str:
        """Return the API group; empty for the core group."""
        return group_of(self.api_version)

    def collection(self, namespace: str = "") -> str:
        """Return the path of the collection; of all namespaces when none is given."""
        root = f"/apis/{self.api_version}" if self.group else f"/api/{self.api_version}"
        if self.namespaced and namespace:
            root += f"/namespaces/{path_segment(namespace)}"
        return f"{root}/{self.plural}"

    def path(self, namespace: str, name: str) -> str:
        """Return the path of one object."""
        return f"{self.collection(namespace)}/{path_segment(name)}"


class Discovery:
    """The resources of the API server, read once per group and version."""

    def __init__(self, client: KubeClient):
        self._client = client
        self._known: dict[str, dict[str, Resource]] = {}

    def load(self, api_versions: Iterable[str]) -> None:
        """Discover API versions concurrently.

        Raises:
            KubeError: The server cannot be read.
        """
        for problem in self._load(api_versions):
            raise problem

    def _load(self, api_versions: Iterable[str]) -> list[KubeError]:
        """Discover API versions concurrently; return why some cannot be read."""
        missing = sorted(
            {version for version in api_versions if version and version not in self._known}
        )
        problems = []
        for version, found in zip(missing, self._client.parallel(self._discover, missing)):
            if isinstance(found, KubeError):
                problems.append(found)
            elif found:
                self._known[version] = found
        return problems

    def forget(self, api_version: str) -> None:
        """Ask again next time: a CustomResourceDefinition was just made."""
        self._known.pop(api_version, None)

    def find(self, api_version: str, kind: str) -> Resource | None:
        """Return the resource, or None when the server does not serve it."""
        self.load([api_version])
        return self._known.get(api_version, {}).get(kind)

    def require(self, api_version: str, kind: str) -> Resource:
        """Return the result of ``find``; raise KubeError with the available resources without one."""
        resource = self.find(api_version, kind)
        if resource:
            return resource
        raise KubeError(f"unknown kind {kind} in {api_version}: {self._hint(api_version, kind)}")

    def _hint(self, api_version: str, kind: str) -> str:
        served = sorted(self._known.get(api_version, {}))
        close = [name for name in served if name.lower() == kind.lower()]
        if close:
            return f"did you mean {close[0]}?"
        other = self._elsewhere(api_version, kind)
        step = f"{other} has this kind; change apiVersion" if other else ""
        if served:
            return step or f"{api_version} has {first_of(served, MAX_KINDS)}"
        step = step or "is its CustomResourceDefinition installed?"
        return f"the API server does not serve {api_version}; {step}"

    def _elsewhere(self, api_version: str, kind: str) -> str:
        """Return the version in which the API server serves a kind; empty when none is known."""
        try:
            resource = self.preferred(group_of(api_version), kind)
            if not resource and kind in KINDS:
                resource = self.find(KINDS[kind].api_version, kind)
        except KubeError:
            return ""  # the group cannot be read, which matters less than the first error
        return resource.api_version if resource else ""

    def path(self, key: ObjectRef) -> str:
        """Return the path of an object."""
        return self.require(key.api_version, key.kind).path(key.namespace, key.name)

    def preferred(self, group: str, kind: str) -> Resource | None:
        """Return the resource of a group, in the preferred version if that has it; None when no version has it."""
        if not group:
            return self.find("v1", kind)
        answer = self._client.get_or_none(f"/apis/{path_segment(group)}") or {}
        versions = [answer.get("preferredVersion") or {}, *(answer.get("versions") or [])]
        for version in versions:
            name = version.get("groupVersion")
            resource = self.find(name, kind) if name else None
            if resource:
                return resource
        return None

    def by_plural(self, plural: str, group: str | None) -> Resource | None:
        """Return the resource with a plural name, or None.

        Args:
            plural: The name, such as ``deployments``.
            group: The API group; None to look in the core group first, and then in those of usual kinds.
        """
        if group is None:
            usual = {kind.api_version for kind in KINDS.values()} - {"v1"}
            versions = ["v1", *sorted(usual)]
        elif group:
            answer = self._client.get_or_none(f"/apis/{path_segment(group)}") or {}
            versions = [(answer.get("preferredVersion") or {}).get("groupVersion") or ""]
        else:
            versions = ["v1"]
        for wanted in (versions[:1], versions[1:]):
            self.load(wanted)
            for version in wanted:
                for resource in self._known.get(version, {}).values():
                    if resource.plural == plural:
                        return resource
        return None

    def by_short_name(self, name: str, api_version: str = "") -> list[Resource]:
        """Return the resources with a short name, such as ``po``.

        Args:
            name: The short name.
            api_version: Where to look. By default in the preferred version of every group that can be read.
        """
        versions = [api_version] if api_version else ["v1", *self._preferred_versions()]
        self._load(versions)
        return [
            resource
            for version in versions
            for resource in self._known.get(version, {}).values()
            if name in resource.short_names
        ]

    def _preferred_versions(self) -> list[str]:
        groups = self._client.get("/apis").get("groups") or []
        return [(group.get("preferredVersion") or {}).get("groupVersion") or "" for group in groups]

    def _discover(self, version: str) -> dict[str, Resource] | None:
        root = "/apis/" if "/" in version else "/api/"
        try:
            answer = self._client.get(root + "/".join(map(path_segment, version.split("/"))))
        except ApiError as error:
            if error.status == 404:
                return None
            raise
        return _resources(version, answer.get("resources") or [])


def _resources(version: str, listed: list[dict]) -> dict[str, Resource]:
    """Return the resources of a version by kind, from the list that has subresources too."""
    entries = [entry for entry in listed if entry.get("name")]
    below: dict[str, set[str]] = defaultdict(set)
    for entry in entries:
        plural, _, subresource = entry["name"].partition("/")
        below[plural].add(subresource)
    return {
        entry["kind"]: Resource(
            version,
            entry["kind"],
            entry["name"],
            bool(entry.get("namespaced")),
            frozenset(below[entry["name"]] - {""}),
            frozenset(entry.get("shortNames") or ()),
            "get" in (entry.get("verbs") or ["get"]),
        )
        for entry in entries
        if "/" not in entry["name"]
    }
