"""Select objects of any kind by names or selectors: options and reads that several modules share."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.reader import read_live
from ansible_collections.slipway.lab.plugins.module_utils.kube.client import KubeClient
from ansible_collections.slipway.lab.plugins.module_utils.kube.discovery import Discovery, Resource
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.kinds import KINDS, usual_version_of
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ObjectRef

MAX_NAMED = 5
# options that select objects
SELECTION = {
    "api_version": {"type": "str"},
    "kind": {"type": "str", "required": True},
    "name": {"type": "str"},
    "names": {"type": "list", "elements": "str"},
    "namespace": {"type": "str", "default": "default"},
    "all_namespaces": {"type": "bool", "default": False},
    "label_selector": {"type": "str"},
    "field_selector": {"type": "str"},
}
SELECTION_EXCLUSIVE = [
    ("name", "names", "all_namespaces"),
    ("name", "names", "label_selector"),
    ("name", "names", "field_selector"),
]


# the number of objects that a selector may match before a task changes them
AT_MOST = {"type": "int", "default": 100}


def resource_of(discovery: Discovery, params: dict) -> Resource:
    """Return the resource of the kind that the parameters name, also by a short name such as ``po``.

    Raises:
        KubeError: The kind is not served, a short name has several, or the API server refused to list its kinds.
    """
    kind, declared = params["kind"], params.get("api_version") or ""
    version = declared or usual_version_of(kind)
    resource = discovery.find(version, kind) or _by_short_name(discovery, kind, declared)
    if resource:
        return resource
    if declared:
        return discovery.require(version, kind)
    meant = _kind_meant_by(discovery, kind.lower())
    step = f"did you mean {meant}?" if meant else "set api_version"
    raise KubeError(f"the API server does not serve the kind {kind} in {version}; {step}")


def _by_short_name(discovery: Discovery, name: str, api_version: str) -> Resource | None:
    """Return the resource with a short name, or None without one."""
    if not name.islower():  # the API server takes no others, and kinds have capitals
        return None
    found = discovery.by_short_name(name, api_version)
    if len({one.kind for one in found}) == 1:
        # Several groups can serve the objects of a kind, as two serve events.
        usual = [one for one in found if one.api_version == usual_version_of(one.kind)]
        found = usual or found
    if len(found) > 1:
        kinds = " and ".join(f"{one.kind} ({one.api_version})" for one in found)
        raise KubeError(f"kind: {name} is a short name of {kinds}; set kind and api_version of one")
    return found[0] if found else None


def _kind_meant_by(discovery: Discovery, name: str) -> str:
    """Return the kind with a name in lower case or in the plural, as kubectl takes it; empty without one."""
    for kind in KINDS:
        if kind.lower() == name:
            return kind
    resource = discovery.by_plural(name, None)
    return resource.kind if resource else ""


def names_in(params: dict) -> list[str]:
    """Return the names of objects in the parameters, each once.

    Raises:
        KubeError: A name is empty, which would select something else.
    """
    single = [] if params.get("name") is None else [params["name"]]
    names = list(dict.fromkeys([*single, *(params.get("names") or [])]))
    if not all(names):
        raise KubeError("name: is empty")
    return names


def select_objects(
    client: KubeClient, discovery: Discovery, params: dict
) -> tuple[list[dict], list[ObjectRef]]:
    """Return the objects that the parameters select, and those of the named ones that do not exist.

    Raises:
        KubeError: The kind is not served, or the API server refused to read it.
    """
    resource = resource_of(discovery, params)
    namespace = "" if params["all_namespaces"] else params["namespace"]
    names = names_in(params)
    if not (names or params.get("names") is not None):
        return _list(client, resource, namespace, params), []
    place = namespace if resource.namespaced else ""
    refs = [ObjectRef(resource.api_version, resource.kind, place, name) for name in names]
    found = read_live(client, discovery, refs)
    return [found[ref] for ref in refs if ref in found], [ref for ref in refs if ref not in found]


def _list(client: KubeClient, resource: Resource, namespace: str, params: dict) -> list[dict]:
    selectors = {
        "labelSelector": params.get("label_selector"),
        "fieldSelector": params.get("field_selector"),
    }
    items, _ = client.list_all(
        resource.collection(namespace),
        **{name: text for name, text in selectors.items() if text},
    )
    # items of a list do not have these two fields
    return [{"apiVersion": resource.api_version, "kind": resource.kind, **item} for item in items]


def check_selection(params: dict) -> None:
    """Check that a task that changes objects selects them on purpose: an empty value would select every object.

    Raises:
        KubeError: Nothing is selected, a selector is empty, or ``all`` is combined with something else.
    """
    given = [
        option
        for option in ("name", "names", "label_selector", "field_selector")
        if params.get(option) is not None
    ]
    for option in given:
        if option.endswith("selector") and not params[option].strip():
            raise KubeError(
                f"{option}: is empty and would select every object; nothing was changed"
            )
    if not (given or params.get("all")):
        raise KubeError("nothing is selected; give name, names, label_selector or field_selector")
    if params.get("all") and (given or params["all_namespaces"]):
        raise KubeError(
            "all: selects all objects of one namespace, so it takes no names, selectors or all_namespaces"
        )
    names_in(params)


def check_number(found: list[dict], params: dict) -> None:
    """Refuse to change more objects than a task allows for a selector. Names need no such limit.

    Raises:
        KubeError: A selector matches more. Nothing was changed.
    """
    if not names_in(params) and len(found) > params["at_most"]:
        names = ", ".join(obj["metadata"]["name"] for obj in found[:MAX_NAMED])
        raise KubeError(
            f"{len(found)} objects match ({names}, ...), and at_most is {params['at_most']}; nothing was changed"
        )
