"""The status of a lab on one screen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from slipway.lab.format import count, duration, gib, short_path
from slipway.lab.phases import WAITING, Phase
from slipway.launcher import CommandLine
from slipway.output.console import create_table

# Width below which tables leave out columns.
NARROW = 72
ANSWER_LENGTH = 40
# Pods in trouble that are named for each namespace.
TROUBLED_SHOWN = 2


def show_status(console: Console, status: Mapping[str, Any], lines: CommandLine) -> None:
    """Print the status.

    Args:
        console: Where to print.
        status: As from :func:`slipway.run.lab_status.read_status`.
        lines: Writes command lines for the lab.
    """
    wide = console.width >= NARROW
    blocks: list[RenderableType | None] = [
        _headline(status),
        _nodes(status["nodes"], wide),
        _namespaces(status["namespaces"]),
        _services(status, wide),
        _facts(status, lines),
    ]
    for block in blocks:
        if block:
            console.print(Padding(block, (0, 0, 1, 1), expand=False))


def _headline(status: Mapping[str, Any]) -> Text:
    ready = bool(status["ready"])
    stopped = status.get("state") == "stopped"
    word, style = ("stopped", "bold yellow") if stopped else ("not ready", "bold red")
    versions = [f"{name.capitalize()} {text}" for name, text in status["versions"].items() if text]
    source = f" ({status['source']})" if status.get("source") else ""
    line = Text.assemble(
        ("ready", "bold green") if ready else (word, style),
        f'   lab "{status["lab"]}"',
        f"   {', '.join(versions)}{source}" if versions else "",
    )
    if not ready and not stopped and status.get("reason"):
        line.append(f"\n{status['reason']}")
    return line


def _headed() -> Table:
    """Return a table of rows with a dim heading at their left."""
    table = Table.grid(padding=(0, 3))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    return table


def _nodes(nodes: Sequence[Mapping[str, Any]], wide: bool) -> Table | None:
    table = create_table("NODE", "READY", *(("VERSION", "ADDRESS", "ROLES") if wide else ()))
    for node in nodes:
        ready = Text("yes", "green") if node.get("ready") else Text("no", "bold red")
        roles = node.get("roles") or ""
        roles = ", ".join(roles) if isinstance(roles, list) else str(roles)
        roles = roles or "worker"
        if node.get("schedulable") is False:
            roles += ", cordoned"
        more = (str(node.get("version") or ""), str(node.get("address") or ""), roles)
        table.add_row(str(node.get("name", "")), ready, *(more if wide else ()))
    return table if nodes else None


def _namespaces(namespaces: Sequence[Mapping[str, Any]]) -> Table | None:
    table = create_table("NAMESPACE", "PODS", "READY", "TROUBLE")
    for entry in namespaces:
        troubled = [f"{pod['name']}: {pod['reason']}" for pod in entry["troubled"]]
        words = ", ".join(troubled[:TROUBLED_SHOWN])
        if more := len(troubled) - TROUBLED_SHOWN:
            words += f" and {more} more" if more > 0 else ""
        style = "" if entry["ready"] == entry["pods"] else "yellow"
        ready = Text(str(entry["ready"]), style)
        table.add_row(entry["namespace"], str(entry["pods"]), ready, Text(words, "red"))
    return table if namespaces else None


def _services(status: Mapping[str, Any], wide: bool) -> Table | None:
    headings = ("SERVICE", "TYPE", "ADDRESS IN THE CLUSTER") if wide else ("SERVICE", "ADDRESS")
    table = create_table(*headings)
    for service in status["services"]:
        name = f"{service['namespace']}/{service['name']}"
        middle = (service["type"],) if wide else ()
        table.add_row(name, *middle, _address(service))
    return table if status["services"] else None


def _address(service: Mapping[str, Any]) -> str:
    ports = [
        str(port["port"]) + (f":{port['node_port']}" if port["node_port"] else "")
        for port in service["ports"]
    ]
    address = service["cluster_ip"] or ", ".join(service["external"]) or "headless"
    return f"{address}  {','.join(ports)}" if ports else address


def _facts(status: Mapping[str, Any], lines: CommandLine) -> Table:
    table = _headed()
    for heading, text in _addresses(status):
        table.add_row(heading, text)
    if status.get("kubectl"):
        table.add_row("kubectl", lines.of("kubectl", "get pods -A"))
    if status.get("kubeconfig"):
        table.add_row("kubeconfig", f"export KUBECONFIG={short_path(status['kubeconfig'])}")
    if status.get("certificates"):
        table.add_row("certificates", _certificates(status["certificates"]))
    table.add_row("machine", _machine(status["machine"]))
    table.add_row("lessons", _lessons(status["lessons"]))
    table.add_row("next", Text(status["next_step"], "bold"))
    return table


def _addresses(status: Mapping[str, Any]) -> Iterable[tuple[str, Text | str]]:
    app = status.get("app") or {}
    if app.get("url"):
        good = app.get("status") == 200
        text = Text(str(app["url"]), "bold")
        text.append(f"   {app.get('status') or 'no answer'}", "not bold green" if good else "red")
        answer = " ".join(str(app.get("answer") or "").split())
        text.append(f"   {answer[:ANSWER_LENGTH]}", "not bold dim")
        yield "app", text
    for page in status.get("pages") or []:
        if page["url"] != app.get("url"):
            yield page["name"].lower(), page["url"]
    if hosts := [f"{host['name']} {host['address']}" for host in status["hosts"]]:
        yield "hosts", ", ".join(hosts)


def _certificates(first: Mapping[str, Any]) -> Text:
    text = Text(f"valid until {str(first['end'])[:10]}")
    if first["warning"]:
        text.append(f"\n{first['warning']}", "yellow")
    return text


def _machine(machine: Mapping[str, float]) -> str:
    return (
        f"{count(int(machine['cpus']), 'core')}, load {machine['load']}; "
        f"{gib(machine['memory_available_bytes'])} of {gib(machine['memory_bytes'])} memory free; "
        f"{gib(machine['disk_free_bytes'])} disk free"
    )


def _lessons(lessons: Mapping[str, Sequence[str]]) -> Text:
    total = sum(map(len, lessons.values()))
    text = Text(f"{len(lessons['passed'])} of {total} passed")
    if lessons["failed"]:
        text.append(f", failed: {', '.join(lessons['failed'])}", "red")
    return text


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
