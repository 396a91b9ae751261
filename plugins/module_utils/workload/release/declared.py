"""A chart as the action plugin rendered it: its objects, its definitions and its hooks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.slipway.lab.plugins.module_utils.kube import manifests
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ref_of
from ansible_collections.slipway.lab.plugins.module_utils.kube.ports import drop_repeated_ports
from ansible_collections.slipway.lab.plugins.module_utils.kube.validation import ValidationErrors

HOOK = "helm.sh/hook"
WEIGHT = "helm.sh/hook-weight"
POLICY = "helm.sh/hook-delete-policy"
BEFORE_CREATION = "before-hook-creation"
# Another name that charts of earlier versions have for an event.
EVENTS = {"test-success": "test"}

Path = tuple  # of keys and positions


@dataclass(frozen=True)
class Hook:
    """An object that is created at some events of a release.

    Args:
        obj: The object.
        events: The events, such as ``pre-install``.
        weight: Hooks of one event run in the order of their weights.
        policies: When the object is deleted.
    """

    obj: dict
    events: tuple[str, ...]
    weight: int
    policies: tuple[str, ...]


@dataclass
class Release:
    """A release of a chart.

    Args:
        name: Its name.
        namespace: Its namespace.
        chart: The name of the chart. Empty when it is removed without its chart.
        version: The version of the chart.
        digest: Decides whether the chart and its values are those of the last run.
        mode: Whether the templates were rendered for an ``install`` or an ``upgrade``.
        adopt: Whether to take over a release of helm.
        definitions: The CustomResourceDefinitions of the directory ``crds``, which are never deleted.
        objects: All other objects.
        hooks: The hooks, which are not among the objects.
        generated: Objects with values that the chart makes up at each rendering, and the paths of these.
        warnings: What is odd in the chart, and no mistake.
    """

    name: str
    namespace: str
    chart: str = ""
    version: str = ""
    digest: str = ""
    mode: str = ""
    adopt: bool = False
    definitions: list[dict] = field(default_factory=list)
    objects: list[dict] = field(default_factory=list)
    hooks: list[Hook] = field(default_factory=list)
    generated: list[tuple[dict, list[Path]]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def take_release(
    sources: list[Any], namespace: str, errors: ValidationErrors
) -> tuple[Release | None, list[Any]]:
    """Return the release among the entries of a task, and the other entries.

    Args:
        sources: The entries.
        namespace: The namespace of the task.
        errors: Receives the mistakes.
    """
    release, others = None, []
    for index, source in enumerate(sources):
        if (
            not isinstance(source, dict)
            or not isinstance(source.get("helm"), dict)
            or "kind" in source
        ):
            others.append(source)
        elif "digest" in source["helm"] or set(source["helm"]) == {"release"}:
            release = _read(source["helm"], namespace, errors)
        else:
            errors.add(
                f"manifests[{index}]",
                "a chart is rendered by the action plugin slipway.lab.workload",
            )
    return release, others


def _read(given: dict, namespace: str, errors: ValidationErrors) -> Release:
    release = Release(
        given["release"],
        namespace,
        *(given.get(name, "") for name in ("chart", "version", "digest", "mode")),
        bool(given.get("adopt")),
    )

    def load(text: str, name: str) -> list[dict]:
        return manifests.load_rendered(text, name, errors, release.warnings)

    for source in given.get("definitions") or []:
        release.definitions += load(source["text"], source["source"])
    for source in given.get("templates") or []:
        objects = load(source["text"], source["source"])
        if "again" in source:
            again = manifests.load_rendered(source["again"], source["source"], errors, [])
            release.generated += _generated(objects, again)
        for obj in objects:
            if HOOK in (obj["metadata"].get("annotations") or {}):
                release.hooks.append(_hook(obj))
            else:
                release.objects.append(obj)
    hooks = [hook.obj for hook in release.hooks]
    repeated = drop_repeated_ports([*release.objects, *hooks])
    release.warnings += [f"{release.name}: {one}" for one in repeated]
    return release


def _hook(obj: dict) -> Hook:
    annotations = obj["metadata"]["annotations"]
    try:
        weight = int(annotations.get(WEIGHT) or 0)
    except ValueError:
        weight = 0  # as helm does
    policies = _parts(annotations.get(POLICY) or "") or (BEFORE_CREATION,)
    events = tuple(EVENTS.get(event, event) for event in _parts(annotations[HOOK]))
    return Hook(obj, events, weight, policies)


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _generated(objects: list[dict], again: list[dict]) -> Iterator[tuple[dict, list[Path]]]:
    known = {ref_of(obj): obj for obj in again}
    for obj in objects:
        paths = list(_differing(obj, known.get(ref_of(obj), obj), ()))
        if paths:
            yield obj, paths


def _differing(one: Any, other: Any, path: Path) -> Iterator[Path]:
    """Yield the paths of values that differ."""
    if isinstance(one, dict) and isinstance(other, dict):
        for name in one.keys() & other.keys():
            yield from _differing(one[name], other[name], (*path, name))
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for index, pair in enumerate(zip(one, other)):
            yield from _differing(*pair, (*path, index))
    elif one != other:
        yield path
