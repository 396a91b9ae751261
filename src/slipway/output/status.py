"""What a person and a program get to know at the end: the lab, its app, how long it took."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from slipway.doctor.findings import ERROR, OK, Finding
from slipway.lab.failures import Explanation
from slipway.lab.format import count, duration, short_path
from slipway.lab.phases import WAITING, Phase
from slipway.lab.project import Project

LEVEL_STYLES = {OK: "green", "warning": "yellow", ERROR: "bold red"}
# Columns below which tables leave out what can be done without.
NARROW = 72


def empty_status(project: Project) -> dict[str, Any]:
    """Return the status of a lab that is not there."""
    return {
        "ready": False,
        "lab": project.lab,
        "nodes": [],
        "hosts": [],
        "kubeconfig": None,
        "kubectl": None,
        "app": None,
        "pages": [],
        "source": None,
        "versions": {},
    }


def read_status(project: Project) -> dict[str, Any]:
    """Return what the playbooks reported last, in the shape of :func:`empty_status`."""
    status = empty_status(project)
    try:
        content = json.loads(project.report.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return status
    return {**status, **content} if isinstance(content, dict) else status


def show_status(console: Console, status: Mapping[str, Any], command: str) -> None:
    """Print nodes, versions, addresses, and how to use the lab.

    :param status: as from :func:`read_status`.
    :param command: how the user calls slipway.
    """
    ready = bool(status["ready"])
    headline = Text.assemble(
        ("ready" if ready else "not ready", "bold green" if ready else "bold red"),
        f'   lab "{status["lab"]}"',
        f"   {count(len(status['nodes']), 'node')}" if status["nodes"] else "",
        f"   source: {status['source']}" if status.get("source") else "",
    )
    blocks: list[RenderableType] = [headline]
    if not ready and status.get("reason"):
        blocks.append(Text(str(status["reason"])))
    wide = console.width >= NARROW
    if status["nodes"]:
        blocks.append(_nodes(status["nodes"], wide))
    if status["hosts"]:
        blocks.append(_hosts(status["hosts"], wide))
    if usage := _usage(status, command):
        blocks.append(usage)
    for block in blocks:
        console.print(Padding(block, (0, 0, 1, 1), expand=False))


def _table(*headings: str) -> Table:
    table = Table(box=None, padding=(0, 3, 0, 0), pad_edge=False, header_style="dim")
    for heading in headings:
        table.add_column(heading, overflow="fold")
    return table


def _headed() -> Table:
    """Rows with a dim heading at their left."""
    table = Table.grid(padding=(0, 3))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    return table


def _nodes(nodes: Iterable[Mapping[str, Any]], wide: bool) -> Table:
    table = _table("NODE", "READY", *(("VERSION", "ADDRESS", "ROLES") if wide else ()))
    for node in nodes:
        ready = Text("yes", "green") if node.get("ready") else Text("no", "bold red")
        roles = node.get("roles") or ""
        roles = ", ".join(roles) if isinstance(roles, list) else str(roles)
        more = (str(node.get("version") or ""), str(node.get("address") or ""), roles or "worker")
        table.add_row(str(node.get("name", "")), ready, *(more if wide else ()))
    return table


def _hosts(hosts: Sequence[Mapping[str, Any]], wide: bool) -> Table:
    columns = {"name": "HOST", "address": "ADDRESS"}
    if wide:
        columns |= {"os": "SYSTEM", "docker": "DOCKER"}
    known = [key for key in columns if any(host.get(key) for host in hosts)]
    table = _table(*(columns[key] for key in known))
    for host in hosts:
        table.add_row(*(str(host.get(key) or "") for key in known))
    return table


def _usage(status: Mapping[str, Any], command: str) -> Table | None:
    table = _headed()
    app = status.get("app") or {}
    if app.get("url"):
        good = app.get("status") == 200
        text = Text()
        text.append(str(app["url"]), "bold")
        text.append(f"   {app.get('status') or 'no answer'}", "green" if good else "bold red")
        answer = " ".join(str(app.get("answer") or "").split())
        text.append(f"   {answer[:40]}", "dim")
        table.add_row("app", text)
    for page in status.get("pages") or []:
        if page["url"] != app.get("url"):
            table.add_row(page["name"].lower(), page["url"])
    if status.get("kubectl"):
        table.add_row("kubectl", f"{command} kubectl get pods -A")
    if status.get("kubeconfig"):
        table.add_row("kubeconfig", f"export KUBECONFIG={short_path(status['kubeconfig'])}")
    return table if table.row_count else None


def phase_line(phases: Iterable[Phase]) -> Padding:
    """Return the time of each phase that ran, beside their heading."""
    text = Text()
    ran = [phase for phase in phases if phase.state != WAITING]
    for number, phase in enumerate(ran):
        if number:
            text.append(" · ", "dim")
        text.append(phase.id)
        text.append(f" {duration(phase.seconds)}", "dim")
    table = _headed()
    table.add_row("phases", text)
    return Padding(table, (0, 0, 0, 1), expand=False)


def show_findings(console: Console, findings: Iterable[Finding]) -> None:
    """Print findings, one a line, each with its remedy below."""
    table = Table.grid(padding=(0, 2), expand=False)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for finding in findings:
        level = Text(finding.level, LEVEL_STYLES[finding.level])
        text = Text(finding.message)
        if finding.remedy:
            text.append(f"\n{finding.remedy}", "dim")
        table.add_row(level, finding.check, text)
    console.print(Padding(table, (0, 0, 0, 1), expand=False))


def findings_summary(findings: Sequence[Finding]) -> str:
    """Return ``19 checks, 1 warning``."""
    words = [count(len(findings), "check")]
    for level in ("warning", ERROR):
        if number := sum(finding.level == level for finding in findings):
            words.append(count(number, level))
    return ", ".join(words)


def show_failure(
    console: Console, explanation: Explanation, log: Path, command: str, resume: str
) -> None:
    """Print what failed and what to do; nothing else."""
    steps = [explanation.next_step] if explanation.next_step else []
    rows = (
        ("host", explanation.host, ""),
        ("task", f"{explanation.task}\n{explanation.where}", ""),
        ("reason", explanation.reason, "red"),
        ("next", "\n".join([*steps, f"{command}   continues from here"]), ""),
        ("or", resume, "dim"),
        ("log", short_path(log), ""),
    )
    where = explanation.phase or "the playbook"
    console.print(Text.assemble("\n ", ("failed", "bold red"), f" in {where}"))
    for name, text, style in rows:
        # No wrapping: paths and commands are there to be copied.
        for number, line in enumerate(text.splitlines() or [""]):
            label = Text(f"   {'' if number else name:<8}", "dim")
            console.print(label.append(line, style or "not dim"), soft_wrap=True)
    console.print()
