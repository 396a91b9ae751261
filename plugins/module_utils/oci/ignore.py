"""Patterns of a ``.dockerignore`` file: what ``docker build`` leaves out of a context."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path


def read_ignored(context: Path, containerfile: Path) -> Callable[[str], bool]:
    """Return a function that tests whether a path, relative to the context, is left out.

    As in Docker, ``CONTAINERFILE.dockerignore`` takes precedence over ``.dockerignore``, the last pattern that
    matches a path or one of its parents decides, and ``!`` includes again
    (https://docs.docker.com/build/concepts/context/#dockerignore-files).
    """
    own = containerfile.with_name(containerfile.name + ".dockerignore")
    source = own if own.is_file() else context / ".dockerignore"
    lines = source.read_text().splitlines() if source.is_file() else []
    rules = [_rule(line) for line in lines if line.strip() and not line.startswith("#")]

    def ignored(path: str) -> bool:
        result = False
        for excluded, pattern in rules:
            if pattern.fullmatch(path):
                result = excluded
        return result

    return ignored


def _rule(line: str) -> tuple[bool, re.Pattern]:
    text = line.strip()
    excluded = not text.startswith("!")
    parts = [part for part in text.lstrip("!").strip().split("/") if part not in ("", ".")]
    pattern = "/".join(map(_part, parts)).replace("\0/", "(?:[^/]+/)*").replace("\0", ".*")
    return excluded, re.compile(f"{pattern}(?:/.*)?", re.DOTALL)


def _part(part: str) -> str:
    """Return the regular expression of a part of a path; ``**`` becomes a mark for any number of parts."""
    if part == "**":
        return "\0"
    result, index = "", 0
    while index < len(part):
        char = part[index]
        closed = part.find("]", index + 2)
        if char == "[" and closed > 0:
            result += part[index : closed + 1]
            index = closed
        elif char == "\\" and index + 1 < len(part):
            index += 1
            result += re.escape(part[index])
        else:
            result += {"*": "[^/]*", "?": "[^/]"}.get(char) or re.escape(char)
        index += 1
    return result
