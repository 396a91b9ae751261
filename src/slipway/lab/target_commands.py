"""Command lines for hosts, nodes, pods and applications of a lab: shells, programs and logs."""

from __future__ import annotations

from collections.abc import Sequence

from slipway.lab.cluster import kubectl_command
from slipway.lab.minikube_host import find_host
from slipway.lab.project import Project
from slipway.lab.targets import APP, HOST, NODE, Target

BEST_SHELL = ("sh", "-c", "command -v bash >/dev/null 2>&1 && exec bash; exec sh")
# By default, kubectl refuses to follow more than five containers.
MANY = "--max-log-requests=1000"


def program(
    project: Project,
    target: Target,
    words: Sequence[str],
    terminal: bool,
    container: str | None = None,
) -> list[str]:
    """Return the command that runs a program in a target, or a shell without one.

    Args:
        project: The lab.
        target: Where it runs.
        words: The program and its arguments.
        terminal: Whether it gets a terminal.
        container: Container of a pod.
    """
    if target.kind == HOST:
        return find_host(project, target.name).shell(words, terminal)
    if target.kind == NODE:
        return find_host(project).on_node(target.name, words or BEST_SHELL, terminal)
    flags = ["--stdin", *(["--tty"] if terminal else []), "--quiet"]
    flags += ["--container", container] if container else []
    where = ("--namespace", target.namespace, target.resource or target.name)
    return kubectl_command(project, "exec", *flags, *where, "--", *(words or BEST_SHELL))


def pod_logs(
    project: Project, target: Target, follow: bool, tail: int, container: str | None, previous: bool
) -> list[str]:
    """Return the command that shows the logs of pods; each line begins with the pod's name."""
    flags = [f"--tail={tail}"]
    flags += ["--follow"] if follow else []
    flags += ["--previous"] if previous else []
    flags += [f"--container={container}"] if container else ["--all-containers"]
    which = ["--selector", target.selector, MANY] if target.kind == APP else [target.name]
    where = ["--namespace", target.namespace]
    return kubectl_command(project, "logs", "--prefix", *flags, *where, *which)


def journal(project: Project, target: Target, follow: bool, tail: int) -> list[str]:
    """Return the command that shows the journal of a host or a node."""
    words = ["journalctl", "--no-pager", f"--lines={'all' if tail < 0 else tail}"]
    words += ["--follow"] if follow else []
    if target.kind == NODE:
        return find_host(project).on_node(target.name, words, terminal=False)
    return find_host(project, target.name).as_root(words, terminal=False)
