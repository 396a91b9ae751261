"""Generate ``docs/cli.md`` from the commands, the schemas and the hand-written text around them.

Run it in the checkout: ``./slipway test --layer unit`` fails while the page is stale.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from slipway.cli import main
from slipway.config import KEYS
from slipway.schemas import NAMES, schema
from slipway.testing.layers import LAYERS, Layer

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/cli.md"
TEMPLATE = Path(__file__).with_name("reference.md")
MARK = re.compile(r"^\{\{ (\w+) \}\}$", re.MULTILINE)


def reference() -> str:
    """Return the text of ``docs/cli.md``."""
    parts: dict[str, Callable[[], Iterator[str]]] = {
        "commands": commands,
        "documents": documents,
        "configuration": configuration,
        "layers": layers,
    }
    text = TEMPLATE.read_text(encoding="utf-8")
    return MARK.sub(lambda found: "\n".join(parts[found[1]]()), text)


def commands() -> Iterator[str]:
    """Yield a section for each command."""
    root = click.Context(main, info_name="slipway")
    for name in main.list_commands(root):
        command = main.get_command(root, name)
        assert command is not None
        context = click.Context(command, info_name=name, parent=root)
        yield from _command(context, f"slipway {name}")
        if isinstance(command, click.Group):
            for inner, member in command.commands.items():
                inside = click.Context(member, info_name=inner, parent=context)
                yield from _command(inside, f"slipway {name} {inner}")


def _command(context: click.Context, name: str) -> Iterator[str]:
    command = context.command
    usage = " ".join(command.collect_usage_pieces(context))
    yield from (f"### {name}", "", _plain(command.help or ""), "")
    yield from ("```text", f"./{name} {usage}".rstrip(), "```", "")
    records = [
        record
        for parameter in command.get_params(context)
        if "--help" not in parameter.opts and (record := parameter.get_help_record(context))
    ]
    if records:
        yield from ("| option | meaning |", "|---|---|")
        yield from (f"| `{_cell(flag)}` | {_cell(text)} |" for flag, text in records)
        yield ""
    examples = [line.strip() for line in (command.epilog or "").splitlines() if "slipway" in line]
    if examples:
        yield from ("```console", *(f"$ {line}" for line in examples), "```", "")


def _plain(text: str) -> str:
    """Return the help as Markdown."""
    return re.sub(r"\n +", "\n", text.replace("\b\n", "")).strip()


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def documents() -> Iterator[str]:
    """Yield a section for each JSON document."""
    for name in NAMES:
        content = schema(name)
        yield from (f"### {content['title']}", "", content["description"], "")
        yield from ("| key | type | meaning |", "|---|---|---|")
        yield from _rows(content, "")
        yield from ("", f"Schema: [{name}.json](../src/slipway/schemas/{name}.json)", "")


def _rows(content: Mapping[str, Any], prefix: str) -> Iterator[str]:
    for key, value in content.get("properties", {}).items():
        optional = "" if key in content.get("required", ()) else ", optional"
        meaning = value.get("description", "")
        yield f"| `{prefix}{key}` | {_type(value)}{optional} | {_cell(meaning)} |"
        yield from _rows(value, f"{prefix}{key}.")
        yield from _rows(value.get("items", {}), f"{prefix}{key}[].")


def _type(value: Mapping[str, Any]) -> str:
    if "enum" in value:
        return ", ".join(f"`{one}`" for one in value["enum"])
    kind = value.get("type", "`false`" if "const" in value else "any")
    return " or ".join([kind] if isinstance(kind, str) else kind)


def configuration() -> Iterator[str]:
    """Yield the keys of the configuration file."""
    yield from ("| key | value |", "|---|---|")
    yield from (f"| `{name}` | {takes} |" for name, (_, takes) in KEYS.items())


def layers() -> Iterator[str]:
    """Yield the layers of the tests."""
    levels = {"fast": "`--fast`", "default": "`test`", "full": "`--full`", "fresh": "`--fresh`"}
    yield "| layer | tests | " + " | ".join(levels.values()) + " |"
    yield "|---|---|" + "---|" * len(levels)
    for layer in LAYERS:
        yield f"| {layer.name} | {layer.about} | {_marks(layer, levels)} |"


def _marks(layer: Layer, levels: Mapping[str, str]) -> str:
    return " | ".join("x" if level in layer.levels else "" for level in levels)


if __name__ == "__main__":
    PAGE.write_text(reference(), encoding="utf-8")
