"""Manifests from mappings, YAML text, files, globs and directories, made safe before use."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator
from typing import Any

from ansible_collections.slipway.lab.plugins.module_utils.common.manifest_text import (
    MAX_FILE_SIZE,
    RENDERED,
    SUFFIXES,
    is_text,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.manifest_form import (
    declared_form,
    decoded,
    is_sound,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import group_of, kind_of
from ansible_collections.slipway.lab.plugins.module_utils.kube.validation import ValidationErrors
from ansible_collections.slipway.lab.plugins.module_utils.kube.variables import (
    drop_repeated_entries,
    drop_repeated_variables,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.yaml_documents import documents

MAX_NODES = 2_000_000
MAX_DEPTH = 100


def load(sources: list[Any], problems: ValidationErrors) -> list[dict]:
    """Return all objects of ``sources`` in order; add mistakes to ``problems`` with their file or index."""
    result = []
    for index, source in enumerate(sources):
        for where, document in _documents(source, f"manifests[{index}]", problems):
            result += list(_flatten(document, where, problems))
    return result


def load_rendered(
    text: str, where: str, problems: ValidationErrors, warnings: list[str]
) -> list[dict]:
    """Return the objects of a template of a chart.

    Public charts have keys, environment variables and Secrets for images that are given twice. Helm takes the last
    value of a key, and Kubernetes the last value of a variable.

    Args:
        text: The rendered template.
        where: Its name.
        problems: Receives the mistakes.
        warnings: Receives what is given twice.
    """
    duplicates: list[str] = []
    parsed = list(_parse(text, where, problems, duplicates))
    objects = [obj for at, one in parsed for obj in _flatten(one, at, problems)]
    for obj in objects:
        duplicates += drop_repeated_variables(obj)
        warnings += [f"{where}: {problem}" for problem in drop_repeated_entries(obj)]
    warnings += [f"{where}: {problem}; the last value counts" for problem in duplicates]
    return objects


def _documents(source: Any, where: str, problems: ValidationErrors) -> Iterator[tuple[str, Any]]:
    if isinstance(source, dict):
        if source.keys() == RENDERED:
            yield from _parse(source["text"], source["source"], problems)
        else:
            yield where, source
    elif isinstance(source, list):
        for number, entry in enumerate(source):
            yield from _documents(entry, f"{where}[{number}]", problems)
    elif not isinstance(source, str):
        problems.add(
            where,
            f"{type(source).__name__} is not a manifest; give a mapping, YAML text, a file or a glob",
        )
    elif is_text(source):
        yield from _parse(source, where, problems)
    else:
        for path in _files(source, where, problems):
            text = _read(path, problems)
            if text is not None:
                yield from _parse(text, path, problems)


def _files(pattern: str, where: str, problems: ValidationErrors) -> list[str]:
    path = os.path.expanduser(pattern.strip())
    if os.path.isdir(path):
        found = sorted(
            p for p in glob.glob(f"{glob.escape(path)}/*") if p.lower().endswith(SUFFIXES)
        )
    elif glob.has_magic(path):
        found = sorted(glob.glob(path, recursive=True))
    else:
        found = [path] if os.path.exists(path) else []
    if not found:
        problems.add(where, f"no file at {pattern!r}")
    return found


def _read(path: str, problems: ValidationErrors) -> str | None:
    try:
        if not os.path.isfile(path):
            problems.add(path, "is not a regular file")
            return None
        if os.path.getsize(path) > MAX_FILE_SIZE:
            problems.add(path, f"is larger than {MAX_FILE_SIZE >> 20} MiB")
            return None
        with open(path, "rb") as stream:
            return stream.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        problems.add(path, f"is not UTF-8: byte {error.object[error.start]:#x} at {error.start}")
    except OSError as error:
        problems.add(path, f"cannot be read: {error.strerror}")
    return None


def _parse(
    text: str, where: str, problems: ValidationErrors, duplicates: list[str] | None = None
) -> Iterator[tuple[str, Any]]:
    try:
        for number, document in enumerate(documents(text, duplicates)):
            if document is not None:
                yield (where if number == 0 else f"{where} document {number + 1}"), document
    except ValueError as error:
        problems.add(where, f"is not valid YAML: {error}")
    except RecursionError:
        problems.add(where, "is nested too deeply")


def _flatten(document: Any, where: str, problems: ValidationErrors) -> Iterator[dict]:
    if not isinstance(document, dict):
        problems.add(where, f"is {_article(document)}, not an object with apiVersion and kind")
        return
    try:
        size = _size(document, {}, 0)
    except RecursionError:
        problems.add(where, "contains itself or is nested too deeply")
        return
    if size > MAX_NODES:
        problems.add(where, f"grows to {size:.0e} values when its aliases are expanded")
        return
    kind = document.get("kind")
    if _is_list(document):
        for number, item in enumerate(document["items"] or []):
            # the items of an answer of the API server have neither
            if kind != "List" and isinstance(item, dict):
                of_list = {"apiVersion": document.get("apiVersion"), "kind": kind[: -len("List")]}
                item = {**of_list, **item}
            yield from _flatten(item, f"{where}.items[{number}]", problems)
        return
    if is_sound(document, where, problems):
        yield declared_form(document)


def _is_list(document: dict) -> bool:
    """Return whether a document is a list of objects.

    Programs in Go, and templates with a loop, write an empty one as null.
    """
    kind, items = document.get("kind"), document.get("items", "")
    has_name = isinstance(document.get("metadata"), dict) and "name" in document["metadata"]
    is_items = isinstance(items, list) or items is None and not has_name
    return isinstance(kind, str) and kind.endswith("List") and is_items


def _article(value: Any) -> str:
    return {list: "a list", str: "text"}.get(type(value), f"a {type(value).__name__}")


def _size(value: Any, known: dict[int, int], depth: int) -> int:
    """Return the number of values with all aliases expanded.

    ``known`` caches the size of each shared part.
    """
    if depth > MAX_DEPTH:
        raise RecursionError
    if not isinstance(value, (dict, list)):
        return 1
    if id(value) not in known:
        parts = value.values() if isinstance(value, dict) else value
        known[id(value)] = 1 + sum(_size(part, known, depth + 1) for part in parts)
    return known[id(value)]


def place(objects: list[dict], namespace: str, resources) -> list[dict]:
    """Give namespaced objects a namespace, and take it from those that have none by nature.

    The scope of a kind that is not served yet is in its definition, which is part of the task.
    """
    resources.load({obj["apiVersion"] for obj in objects})
    cluster_wide = {
        (obj["spec"]["group"], obj["spec"]["names"]["kind"])
        for obj in objects
        if kind_of(obj) == "CustomResourceDefinition" and obj["spec"].get("scope") == "Cluster"
    }
    for obj in objects:
        resource = resources.find(obj["apiVersion"], obj["kind"])
        defined = (group_of(obj["apiVersion"]), obj["kind"])
        if (resource and not resource.namespaced) or (not resource and defined in cluster_wide):
            obj["metadata"].pop("namespace", None)
        else:
            obj["metadata"].setdefault("namespace", namespace)
    return objects


def secrets_in(objects: list[dict]) -> set[str]:
    """Return every value of every Secret, encoded and plain, so that results can mask them."""
    values = set()
    for obj in objects:
        if obj.get("kind") != "Secret":
            continue
        data = obj.get("data")
        for encoded in (data if isinstance(data, dict) else {}).values():
            if not isinstance(encoded, str):
                continue
            values.add(encoded)
            try:
                values.add(decoded(encoded).decode())
            except (ValueError, UnicodeDecodeError):
                continue
    return {value for value in values if value}


def check_served(objects: list[dict], resources) -> None:
    """Raise KubeError for a kind that is neither served nor defined by this very task."""
    defined = {
        (obj["spec"]["group"], obj["spec"]["names"]["kind"])
        for obj in objects
        if kind_of(obj) == "CustomResourceDefinition"
    }
    for obj in objects:
        group = group_of(obj["apiVersion"])
        if (group, obj["kind"]) not in defined and not resources.find(
            obj["apiVersion"], obj["kind"]
        ):
            try:
                resources.require(obj["apiVersion"], obj["kind"])
            except KubeError as error:
                raise KubeError(
                    f"nothing was applied: {obj['metadata']['name']}: {error}"
                ) from error
