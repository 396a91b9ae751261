"""Generate ``docs/modules`` from the documentation of the collection's modules.

Run it in the checkout: ``./slipway test --layer lint`` fails while a page is stale.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PAGES = ROOT / "docs/modules"
COLLECTION = "slipway.lab"
NOTE = "<!-- Generated from the module. Edit library/{name}.py, then run: python -m slipway.module_pages -->"
LINK = re.compile(r"\b[ML]\((slipway\.lab\.(\w+))\)")
CODE = re.compile(r"\b(?:C|V|O|RV|E|M|P|I|B)\(((?:[^()\\]|\\.|\([^()]*\))*)\)")


def pages() -> dict[str, str]:
    """Return the text of each page by its file name.

    Raises:
        CalledProcessError: ansible-doc cannot read a module.
    """
    found = _read_modules()
    texts = {f"{name}.md": "\n".join(_page(name, entry)) + "\n" for name, entry in found.items()}
    return {"README.md": "\n".join(_index(found)) + "\n", **texts}


def write_pages() -> None:
    """Write all pages, and delete those of modules that no longer exist."""
    texts = pages()
    PAGES.mkdir(exist_ok=True)
    for path in PAGES.glob("*.md"):
        if path.name not in texts:
            path.unlink()
    for name, text in texts.items():
        (PAGES / name).write_text(text, encoding="utf-8")


def _read_modules() -> dict[str, dict[str, Any]]:
    names = sorted(path.stem for path in (ROOT / "library").glob("*.py"))
    program = str(Path(sys.executable).parent / "ansible-doc")
    done = subprocess.run(
        [program, "-t", "module", "--json", *(f"{COLLECTION}.{name}" for name in names)],
        cwd=ROOT,
        env={**os.environ, "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"), "LC_ALL": "C.UTF-8"},
        capture_output=True,
        check=True,
    )
    content = json.loads(done.stdout)
    return {name: content[f"{COLLECTION}.{name}"] for name in names}


def _index(found: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    yield from ("# Modules", "", "The modules of the collection `slipway.lab`.", "")
    yield from ("| module | purpose |", "|---|---|")
    for name, entry in found.items():
        yield f"| [{name}]({name}.md) | {_text(entry['doc']['short_description'])} |"


def _page(name: str, entry: Mapping[str, Any]) -> Iterator[str]:
    doc = entry["doc"]
    yield from (NOTE.format(name=name), "", f"# {COLLECTION}.{name}", "")
    yield from (f"{_text(doc['short_description'])}. New in version {doc['version_added']}.", "")
    for paragraph in doc["description"]:
        yield from (_text(paragraph), "")
    if requirements := doc.get("requirements"):
        yield from ("## Requirements", "", *(f"- {_text(one)}" for one in requirements), "")
    if options := doc.get("options"):
        yield from ("## Options", "", "| option | type | default | meaning |", "|---|---|---|---|")
        yield from _options(options, "")
        yield ""
    yield from ("## Attributes", "", "| attribute | support | details |", "|---|---|---|")
    for attribute, fact in sorted(doc.get("attributes", {}).items()):
        text = " ".join(_list(fact.get("details")) or _list(fact["description"]))
        yield f"| `{attribute}` | {fact['support']} | {_cell(text)} |"
    yield ""
    if notes := doc.get("notes"):
        yield from ("## Notes", "", *(f"- {_text(note)}" for note in notes), "")
    yield from ("## Examples", "", "```yaml", entry["examples"].strip(), "```", "")
    if results := entry.get("return"):
        yield from (
            "## Return values",
            "",
            "| key | type | returned | meaning |",
            "|---|---|---|---|",
        )
        yield from _results(results, "")
        yield ""
    links = [one["module"] for one in doc.get("seealso", []) if "module" in one]
    yield from ("## See also", "", *(f"- {_text(f'M({link})')}" for link in links))


def _options(options: Mapping[str, Mapping[str, Any]], prefix: str) -> Iterator[str]:
    for name, option in sorted(
        options.items(), key=lambda one: (not one[1].get("required"), one[0])
    ):
        kind = option.get("type", "str")
        if kind == "list":
            kind = f"list of {option.get('elements', 'raw')}"
        words = _list(option["description"])
        if choices := option.get("choices"):
            words = [*words, "One of " + ", ".join(f"`{choice}`" for choice in choices) + "."]
        if aliases := option.get("aliases"):
            words = [*words, "Alias: " + ", ".join(f"`{alias}`" for alias in aliases) + "."]
        default = "required" if option.get("required") else _default(option.get("default"))
        yield f"| `{prefix}{name}` | {kind} | {default} | {_cell(' '.join(words))} |"
        inner = f"{prefix}{name}{'[]' if option.get('type') == 'list' else ''}."
        yield from _options(option.get("suboptions") or {}, inner)


def _results(results: Mapping[str, Mapping[str, Any]], prefix: str) -> Iterator[str]:
    for name, value in results.items():
        words = " ".join(_list(value["description"]))
        returned = _cell(str(value.get("returned", "always")))
        yield f"| `{prefix}{name}` | {value['type']} | {returned} | {_cell(words)} |"
        inner = f"{prefix}{name}{'[]' if value['type'] == 'list' else ''}."
        yield from _results(value.get("contains") or {}, inner)


def _default(value: object) -> str:
    return "" if value is None else f"`{json.dumps(value)}`"


def _list(value: object) -> list[str]:
    return value if isinstance(value, list) else [str(value)] if value else []


def _cell(text: str) -> str:
    return _text(text).replace("|", "\\|")


def _text(text: str) -> str:
    """Return Ansible's markup as Markdown."""
    text = LINK.sub(r"[\1](\2.md)", text)
    text = CODE.sub(lambda match: "`" + match[1].replace("\\", "").split("#")[0] + "`", text)
    return " ".join(text.split())


if __name__ == "__main__":
    write_pages()
