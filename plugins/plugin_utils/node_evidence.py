"""The output of roles/minikube/files/look-node, parsed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml


class EvidenceError(ValueError):
    """The node could not be read. The text names the reason."""


@dataclass
class Process:
    """A running program of Kubernetes.

    Args:
        uid: The account that it runs as.
        arguments: Values by the name of the argument. The last one counts, as for the program.
    """

    uid: str
    arguments: dict[str, str] = field(default_factory=dict)


@dataclass
class NodeEvidence:
    """The evidence of one node.

    Args:
        processes: The processes by the name of their program.
        files: Mode and owner (``UID:GID``) by path.
        configs: The files of settings of the kubelet, in their order.
    """

    processes: dict[str, list[Process]] = field(default_factory=dict)
    files: dict[str, tuple[int, str]] = field(default_factory=dict)
    configs: dict[str, Any] = field(default_factory=dict)

    @property
    def is_control_plane(self) -> bool:
        """Return whether the node runs the control plane, or should run it."""
        manifest = "/etc/kubernetes/manifests/kube-apiserver.yaml"
        return "kube-apiserver" in self.processes or manifest in self.files


def parse_evidence(text: str) -> NodeEvidence:
    """Parse the output of the script.

    Raises:
        EvidenceError: The output is not complete or cannot be understood.
    """
    lines = text.splitlines()
    if not lines or lines[-1] != "end":
        raise EvidenceError("the look at the node did not end")
    node = NodeEvidence()
    words: list[tuple[Process, list[str]]] = []
    settings: dict[str, list[str]] = {}
    for line in lines[:-1]:
        kind, _, rest = line.partition(" ")
        if kind == "process":
            name, _, uid = rest.partition(" ")
            process = Process(uid)
            node.processes.setdefault(name, []).append(process)
            words.append((process, []))
        elif kind == "argument":
            words[-1][1].append(rest)
        elif kind == "file":
            mode, owner, path = rest.split(" ", 2)
            node.files[path] = (int(mode, 8), owner)
        elif kind == "config":
            settings[rest] = []
        elif kind == "line":
            settings[next(reversed(settings))].append(rest)
        else:
            raise EvidenceError(f"the look at the node gave an unknown line: {line}")
    for process, given in words:
        process.arguments = parse_arguments(given)
    node.configs = {path: _parse_config(path, content) for path, content in settings.items()}
    return node


def _parse_config(path: str, lines: Iterable[str]) -> Mapping[str, Any]:
    try:
        content = yaml.safe_load("\n".join(lines))
    except yaml.YAMLError as error:
        raise EvidenceError(f"{path} is not valid YAML") from error
    if not isinstance(content, Mapping):
        raise EvidenceError(f"{path} has no settings")
    return content


def parse_arguments(words: Iterable[str]) -> dict[str, str]:
    """Return the values of arguments by name.

    ``--name`` alone is ``true``. A word after it is its value, unless it is ``true`` or ``false``: the flag packages of
    Go take a truth value only from ``--name=value``.
    """
    found: dict[str, str] = {}
    open_name = ""
    for word in words:
        if word.startswith("-"):
            open_name, given, value = word.lstrip("-").partition("=")
            found[open_name] = value if given else "true"
            open_name = "" if given else open_name
        elif open_name:
            if word not in ("true", "false"):
                found[open_name] = word
            open_name = ""
    return found
