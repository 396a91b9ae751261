"""Rules of security for a node of a cluster, and how each is judged."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from ansible_collections.slipway.lab.plugins.plugin_utils.node_evidence import NodeEvidence, Process

PASS, FAIL, NOT_APPLICABLE, UNKNOWN = "pass", "fail", "not applicable", "unknown"
# An error gives access to those who must not have it. A warning is a hardening that kubeadm leaves out.
ERROR, WARNING = "error", "warning"

# Arguments that make a program read the named setting from a file instead.
FROM_FILE = {
    ("kube-apiserver", "authorization-mode"): "authorization-config",
    ("kube-apiserver", "anonymous-auth"): "authentication-config",
    ("kube-scheduler", "profiling"): "config",
}
ETCD_FILE = "config-file"


@dataclass(frozen=True)
class Verdict:
    """The result of one rule on one node.

    Args:
        state: ``pass``, ``fail``, ``not applicable`` or ``unknown``.
        detail: Why, if the rule did not pass.
    """

    state: str
    detail: str = ""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One point of the benchmark.

    Args:
        number: Its number.
        title: What holds if the rule passes.
        remedy: What to do if it fails.
        level: ``error`` or ``warning``.
    """

    number: str
    title: str
    remedy: str = ""
    level: str = ERROR

    def judge(self, node: NodeEvidence) -> Iterator[Verdict]:
        """Yield a verdict for each thing that the rule concerns."""
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class ArgumentRule(Rule):
    """An argument of a program of the control plane.

    Args:
        program: The program.
        option: Name of the argument, without dashes.
        suits: Judges its value, which is None if the argument is not given.
    """

    program: str
    option: str
    suits: Callable[[str | None], bool]

    def judge(self, node: NodeEvidence) -> Iterator[Verdict]:
        """Judge each process of the program."""
        processes = node.processes.get(self.program, [])
        if not processes:
            yield _judge_absence(node, self.program)
        yield from map(self._judge_process, processes)

    def _judge_process(self, process: Process) -> Verdict:
        value = process.arguments.get(self.option)
        source = ETCD_FILE if self.program == "etcd" else FROM_FILE.get((self.program, self.option))
        if source in process.arguments:
            return Verdict(UNKNOWN, f"{self.program} reads this from {process.arguments[source]}")
        if self.suits(value):
            return Verdict(PASS)
        said = f"--{self.option} is not set" if value is None else f"--{self.option}={value}"
        return Verdict(FAIL, f"{self.program}: {said}")


@dataclass(frozen=True, kw_only=True)
class KubeletRule(Rule):
    """A setting of the kubelet. An argument precedes the files of settings.

    Args:
        option: Name of the argument, without dashes.
        path: Names that lead to the setting in the file.
        default: Value of a kubelet with a file that does not have the setting.
        bare: Value of a kubelet without a file and without the argument.
        unset: Values that stand for the default in the file, but not as an argument.
        suits: Judges the value.
    """

    option: str
    path: tuple[str, ...]
    default: Any
    bare: Any
    suits: Callable[[Any], bool]
    unset: tuple[Any, ...] = ()

    def judge(self, node: NodeEvidence) -> Iterator[Verdict]:
        """Judge each kubelet of the node."""
        kubelets = node.processes.get("kubelet", [])
        if not kubelets:
            yield Verdict(UNKNOWN, "the kubelet does not run")
        for kubelet in kubelets:
            yield self._judge_kubelet(node, kubelet.arguments)

    def _judge_kubelet(self, node: NodeEvidence, arguments: Mapping[str, str]) -> Verdict:
        config = arguments.get("config")
        if self.option in arguments:
            value: Any = arguments[self.option]
        elif config is None:
            value = self.bare
        elif config not in node.configs:
            return Verdict(UNKNOWN, f"{config} was not read")
        else:
            value = self._from_files(node)
        if self.suits(value):
            return Verdict(PASS)
        return Verdict(FAIL, f"{'.'.join(self.path)} is {value}")

    def _from_files(self, node: NodeEvidence) -> Any:
        value = self.default
        for content in node.configs.values():
            found: Any = content
            for name in self.path:
                found = found.get(name) if isinstance(found, Mapping) else None
            value = value if found is None or found in self.unset else found
        return value


@dataclass(frozen=True, kw_only=True)
class FileRule(Rule):
    """Mode and owner of files and directories.

    Args:
        patterns: Paths, with ``*`` for any text.
        mode: The bits that are allowed.
        needed: A control plane has such a file in any case.
    """

    patterns: tuple[str, ...]
    mode: int
    needed: bool = False

    def judge(self, node: NodeEvidence) -> Iterator[Verdict]:
        """Judge each of the files."""
        found = sorted(path for path in node.files if self._concerns(path))
        if not found and self.needed and node.is_control_plane:
            yield Verdict(UNKNOWN, f"{' and '.join(self.patterns)} were not found")
        elif not found:
            yield Verdict(NOT_APPLICABLE, "the node has no such file")
        for path in found:
            yield _judge_access(node, path, self.mode, lambda owner: owner == "0:0")

    def _concerns(self, path: str) -> bool:
        return any(fnmatchcase(path, pattern) for pattern in self.patterns)


@dataclass(frozen=True, kw_only=True)
class NamedFileRule(Rule):
    """Mode and owner of the file or directory that an argument of a program names.

    Args:
        program: The program.
        option: Name of the argument, without dashes.
        mode: The bits that are allowed. The owner must be the account of the program.
    """

    program: str
    option: str
    mode: int

    def judge(self, node: NodeEvidence) -> Iterator[Verdict]:
        """Judge the file of each process."""
        processes = node.processes.get(self.program, [])
        if not processes:
            yield _judge_absence(node, self.program)
        for process in processes:
            path = process.arguments.get(self.option, "")
            if path not in node.files:
                yield Verdict(
                    UNKNOWN, f"--{self.option} of {self.program} names no file that exists"
                )
            else:
                yield self._judge_file(node, path, process)

    def _judge_file(self, node: NodeEvidence, path: str, process: Process) -> Verdict:
        return _judge_access(
            node, path, self.mode, lambda owner: owner.partition(":")[0] == process.uid
        )


def _judge_absence(node: NodeEvidence, program: str) -> Verdict:
    """Judge a node on which a program does not run. Each node needs a kubelet."""
    if node.is_control_plane or program == "kubelet":
        return Verdict(UNKNOWN, f"{program} does not run")
    return Verdict(NOT_APPLICABLE, "the node runs no control plane")


def _judge_access(
    node: NodeEvidence, path: str, allowed: int, is_owner: Callable[[str], bool]
) -> Verdict:
    mode, owner = node.files[path]
    if mode & ~allowed & 0o7777:
        return Verdict(FAIL, f"{path} has mode {mode:04o}")
    return Verdict(PASS) if is_owner(owner) else Verdict(FAIL, f"{path} belongs to {owner}")
