"""The parent of an ApplySet: a Secret, a ConfigMap, or an object of a kind that was made for it, as for kubectl."""

from __future__ import annotations

from typing import NamedTuple

from ansible_collections.slipway.lab.plugins.module_utils.kube.client import KubeClient
from ansible_collections.slipway.lab.plugins.module_utils.kube.discovery import Discovery, Resource
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.paths import path_segment

PREFIX = "applyset.kubernetes.io"
ID = f"{PREFIX}/id"
TOOLING = f"{PREFIX}/tooling"
KINDS = f"{PREFIX}/contains-group-kinds"
IS_PARENT = f"{PREFIX}/is-parent-type"
TOOL = "slipway/v1"
BUILT_IN = {
    "secrets": Resource("v1", "Secret", "secrets", True),
    "configmaps": Resource("v1", "ConfigMap", "configmaps", True),
}
DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"


class ParentName(NamedTuple):
    """Name of a parent, as a task gives it. ``group`` is empty for Secrets and ConfigMaps."""

    plural: str
    group: str
    name: str


class SetParent(NamedTuple):
    """A parent, which may not exist yet. ``namespace`` is empty when its kind has none."""

    resource: Resource
    namespace: str
    name: str

    @property
    def is_custom(self) -> bool:
        """Return whether the parent is a custom resource, which is never created here."""
        return bool(self.resource.group)

    @property
    def path(self) -> str:
        """Return the path of the object."""
        return self.resource.path(self.namespace, self.name)

    def __str__(self) -> str:
        """Return kind and name, for messages."""
        place = f"{self.namespace}/" if self.namespace else ""
        return f"{self.resource.kind} {place}{self.name}"

    def marking(self, identity: str) -> str:
        """Return the commands that make an ApplySet of an existing object.

        Args:
            identity: The id of the set.
        """
        where = f" --namespace {self.namespace}" if self.namespace else ""
        one = f"{self.resource.plural}.{self.resource.group} {self.name}{where}"
        return f"`kubectl label {one} {ID}={identity}` and `kubectl annotate {one} {TOOLING}={TOOL} {KINDS}=`"


def parent_of(text: str) -> ParentName:
    """Parse the name of a parent: ``shop``, ``configmaps/shop`` or ``crontabs.example.com/shop``.

    Raises:
        ValueError: The resource cannot be a parent, or the name is missing.
    """
    resource, _, name = text.rpartition("/")
    plural, _, group = resource.partition(".")
    if not group:
        plural = plural if plural.endswith("s") else f"{plural}s" if plural else "secrets"
    if not name or "/" in resource or not (group or plural in BUILT_IN):
        raise ValueError(
            "is the name of a Secret, or secrets/NAME, configmaps/NAME or PLURAL.GROUP/NAME of a custom resource"
        )
    return ParentName(plural, group, name)


def find_parent(client: KubeClient, resources: Discovery, text: str, namespace: str) -> SetParent:
    """Return the parent that a task names. Only a custom resource costs requests.

    Args:
        client: Sends the requests.
        resources: Finds the kind of a custom resource.
        text: The name, see ``parent_of``.
        namespace: The namespace of the task.

    Raises:
        KubeError: The API server does not serve the kind, or the kind was not made for sets.
    """
    plural, group, name = parent_of(text)
    if not group:
        return SetParent(BUILT_IN[plural], namespace, name)
    kind = f"{plural}.{group}"
    resource = resources.by_plural(plural, group)
    if not resource:
        raise KubeError(
            f"applyset: the API server does not serve {kind}; is its CustomResourceDefinition installed?"
        )
    definition = client.get_or_none(f"{DEFINITIONS}/{path_segment(kind)}") or {"metadata": {}}
    if (definition["metadata"].get("labels") or {}).get(IS_PARENT) != "true":
        raise KubeError(
            f"applyset: objects of {kind} cannot be parents, because its CustomResourceDefinition "
            f"does not have the label {IS_PARENT}=true; name a Secret or a ConfigMap"
        )
    return SetParent(resource, namespace if resource.namespaced else "", name)
