"""Read from kubeconfig files what the official client reads in another way than kubectl, or not at all."""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import quote

try:
    import yaml
except ImportError:
    # kube/auth.py reports the missing library with instructions
    yaml = None

DEFAULT_KUBECONFIG = "~/.kube/config"


def content_of(source: Any) -> Any:
    """Return the content of a kubeconfig that is given as a mapping or as its text; None for paths.

    Args:
        source: The option ``kubeconfig``. Text has several lines, or is JSON.

    Raises:
        ValueError: The text is not a mapping in YAML. The message has no part of the text, which has credentials.
    """
    if not isinstance(source, str):
        return source
    if "\n" not in source and not source.lstrip().startswith("{"):
        return None
    try:
        content = yaml.safe_load(source)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f" (line {mark.line + 1})" if mark else ""
        raise ValueError(f"kubeconfig: its text is not valid YAML{place}") from None
    if not isinstance(content, dict):
        raise ValueError("kubeconfig: its text is not a mapping; name a path, or give the content")
    return content


def kubeconfig_paths(source: str | None) -> list[str]:
    """Return the files of a list of paths: the given one, or else ``$KUBECONFIG``, or else kubectl's default."""
    listed = source or os.environ.get("KUBECONFIG") or DEFAULT_KUBECONFIG
    return [os.path.expanduser(path) for path in listed.split(os.pathsep) if path]


def current_context(documents: list[dict]) -> str | None:
    """Return the current context of the first file that names one, as kubectl does.

    The official client takes it from the last file.
    """
    for content in documents:
        if content.get("current-context"):
            return content["current-context"]
    return None


def documents(paths: list[str]) -> list[dict]:
    """Return the kubeconfig files that exist. The official client reports a broken one."""
    found = []
    for path in filter(os.path.exists, paths):
        try:
            with open(path, encoding="utf-8") as file:
                content = yaml.safe_load(file)
        except (yaml.YAMLError, UnicodeDecodeError):
            continue
        if isinstance(content, dict):
            found.append(content)
    return found


def check_context(documents: list[dict], name: str | None, what: str) -> None:
    """Refuse a context that does not exist. The official client names neither the cause nor the others.

    Args:
        documents: The kubeconfig files.
        name: Name of the context; None for the current one.
        what: What the contexts were read from.

    Raises:
        ValueError: There is no such context, or no current one.
    """
    lists = [
        content["contexts"] for content in documents if isinstance(content.get("contexts"), list)
    ]
    known = [str(one.get("name")) for entries in lists for one in entries if isinstance(one, dict)]
    wanted = name or current_context(documents)
    if known and wanted not in known:
        problem = f"has no context {wanted!r}" if wanted else "has no current context"
        raise ValueError(f"{what} {problem}; set context to one of: {', '.join(known)}")


def impersonated(documents: list[dict], context: str | None) -> list[tuple[str, str]]:
    """Return the headers for the account that the user of a context impersonates (``as``).

    The official client ignores it, and would act with the rights of the user.

    Args:
        documents: The kubeconfig files; the first with a name decides, as with kubectl.
        context: Name of the context; None for the current one of the first file.
    """
    user = user_of(documents, context)
    headers = [("Impersonate-User", user["as"])] if user.get("as") else []
    if user.get("as-uid"):
        headers.append(("Impersonate-Uid", user["as-uid"]))
    headers += [("Impersonate-Group", group) for group in user.get("as-groups") or []]
    for name, values in (user.get("as-user-extra") or {}).items():
        headers += [(f"Impersonate-Extra-{quote(name, safe='')}", value) for value in values]
    return headers


def plugin_of(documents: list[dict], context: str | None) -> dict:
    """Return the settings of the command that gives the user of a context its credentials; empty without one."""
    return user_of(documents, context).get("exec") or {}


def user_of(documents: list[dict], context: str | None) -> dict:
    """Return the user of a context; empty without one."""
    entry = _context(documents, context)
    return _named(documents, "users", entry.get("user")).get("user") or {}


def cluster_of(documents: list[dict], context: str | None) -> dict:
    """Return the cluster of a context; empty without one."""
    entry = _context(documents, context)
    return _named(documents, "clusters", entry.get("cluster")).get("cluster") or {}


def _context(documents: list[dict], name: str | None) -> dict:
    name = name or current_context(documents)
    return _named(documents, "contexts", name).get("context") or {}


def _named(documents: list[dict], section: str, name: str | None) -> dict:
    for document in documents:
        for entry in document.get(section) or []:
            if isinstance(entry, dict) and entry.get("name") == name:
                return entry
    return {}
