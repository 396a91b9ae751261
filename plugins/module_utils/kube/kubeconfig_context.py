"""Put a context of another kubeconfig into a user's kubeconfig files, and take it out again.

The entries of cluster, user and context have one name, and the context a mark in its extensions. Entries of the same
name without the mark belong to others, and are never changed.
"""

from __future__ import annotations

import copy
import os
from dataclasses import dataclass

from ansible_collections.slipway.lab.plugins.module_utils.common.errors import SlipwayError

try:
    import yaml
except ImportError:
    # the module reports the missing library with instructions
    yaml = None

MARK = "slipway"
SECTIONS = {"clusters": "cluster", "users": "user", "contexts": "context"}


class KubeconfigError(SlipwayError):
    """A kubeconfig cannot be changed. The text names the file, the cause and the next step."""


@dataclass
class Kubeconfig:
    """A kubeconfig file.

    Args:
        path: Its path.
        content: Its content; empty for a missing file.
    """

    path: str
    content: dict

    @classmethod
    def read(cls, path: str) -> Kubeconfig:
        """Read a file.

        Raises:
            KubeconfigError: It exists and is not a kubeconfig.
        """
        try:
            with open(path, encoding="utf-8") as file:
                content = yaml.safe_load(file) or {}
        except FileNotFoundError:
            return cls(path, {})
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            raise KubeconfigError(
                f"{path} cannot be read: {error}. Correct it or move it away"
            ) from error
        if not isinstance(content, dict):
            raise KubeconfigError(f"{path} is not a kubeconfig: its top level must be a mapping")
        return cls(path, content)

    def entry(self, section: str, name: str) -> dict | None:
        """Return an entry of a section, ``None`` when there is none."""
        for one in self.content.get(section) or []:
            if isinstance(one, dict) and one.get("name") == name:
                return one
        return None

    def mark(self, name: str) -> dict | None:
        """Return what the mark of a context records, ``None`` for a context without a mark."""
        context = (self.entry("contexts", name) or {}).get("context") or {}
        for one in context.get("extensions") or []:
            if one.get("name") == MARK:
                return one.get("extension") or {}
        return None

    def summary(self) -> dict:
        """Return the contexts with their servers, without credentials, for a diff."""
        servers = {
            one.get("name"): (one.get("cluster") or {}).get("server")
            for one in self.content.get("clusters") or []
        }
        contexts = {
            one.get("name"): servers.get((one.get("context") or {}).get("cluster"))
            for one in self.content.get("contexts") or []
        }
        return {"contexts": contexts, "current-context": self.content.get("current-context") or ""}


def choose_file(paths: list[str], name: str) -> Kubeconfig:
    """Return the file to change: the one that has the context, or else the one in which kubectl creates entries.

    Raises:
        KubeconfigError: A file has an entry of this name that belongs to others.
    """
    files = [Kubeconfig.read(path) for path in paths]
    for file in files:
        taken = [section for section in SECTIONS if file.entry(section, name)]
        if taken and file.mark(name) is None:
            raise KubeconfigError(
                f"{file.path} has an entry {name!r} in {', '.join(taken)} that Slipway did not write. "
                "Nothing was changed; choose another name"
            )
        if taken:
            return file
    return next((file for file in files if os.path.exists(file.path)), files[-1])


def merged(file: Kubeconfig, source: Kubeconfig, name: str, owner: str, use: bool) -> dict:
    """Return the content of a file with the current context of another one.

    Args:
        file: The file.
        source: The other kubeconfig.
        name: Name of the entries.
        owner: Whose context it is, for the mark.
        use: Make it the current context.

    Raises:
        KubeconfigError: The source has no current context, or the context belongs to another owner.
    """
    mark = file.mark(name)
    if mark is not None and mark.get("owner") != owner:
        raise KubeconfigError(
            f"the context {name!r} in {file.path} belongs to {mark.get('owner')!r}. Choose another name"
        )
    wanted = source.entry("contexts", str(source.content.get("current-context")))
    if wanted is None:
        raise KubeconfigError(f"{source.path} has no current context")
    context = copy.deepcopy(wanted["context"])
    now = file.content.get("current-context") or ""
    record = {"owner": owner, "previous": (mark or {}).get("previous", now if use else "")}
    if use and now != name:
        record["previous"] = now
    entries = {
        "clusters": _body(source, "clusters", context["cluster"]),
        "users": _body(source, "users", context["user"]),
        "contexts": {
            **context,
            "cluster": name,
            "user": name,
            "extensions": [{"name": MARK, "extension": record}],
        },
    }
    content = {"apiVersion": "v1", "kind": "Config", **copy.deepcopy(file.content)}
    for section, body in entries.items():
        _put(content, section, {"name": name, SECTIONS[section]: body})
    if use:
        content["current-context"] = name
    return content


def without(file: Kubeconfig, name: str, owner: str) -> dict:
    """Return the content of a file without a context; the context that was current before is current again.

    Raises:
        KubeconfigError: The context belongs to another owner.
    """
    mark = file.mark(name)
    if mark is None:
        return file.content
    if mark.get("owner") != owner:
        raise KubeconfigError(
            f"the context {name!r} in {file.path} belongs to {mark.get('owner')!r} and stays"
        )
    content = copy.deepcopy(file.content)
    for section in SECTIONS:
        content[section] = [one for one in content.get(section) or [] if one.get("name") != name]
    if content.get("current-context") == name:
        previous = mark.get("previous") or ""
        known = any(one.get("name") == previous for one in content["contexts"])
        content["current-context"] = previous if known else ""
    return content


def text_of(content: dict) -> str:
    """Return a kubeconfig as text."""
    return yaml.safe_dump(content, sort_keys=False, allow_unicode=True)


def _body(source: Kubeconfig, section: str, name: str) -> dict:
    entry = source.entry(section, name)
    if entry is None:
        raise KubeconfigError(f"{source.path} has no entry {name!r} in {section}")
    return copy.deepcopy(entry[SECTIONS[section]])


def _put(content: dict, section: str, entry: dict) -> None:
    """Replace the entry of the same name at its place, or add it at the end."""
    entries = content.get(section) or []
    names = [one.get("name") for one in entries]
    if entry["name"] in names:
        entries[names.index(entry["name"])] = entry
    else:
        entries.append(entry)
    content[section] = entries
