#!/usr/bin/env python3
"""Find phrases in prose that ``tests/lint/phrases.yml`` lists.

Run it on files or folders: ``python tests/support/prose.py docs roles/docker``. It prints one line per finding and
exits with 1 when there is any.

The prose of a file depends on its kind: docstrings, comments and texts of Python (in tests only docstrings and
comments), everything in other text files. Korean text is checked by the rules with ``where: korean`` only.
"""

from __future__ import annotations

import ast
import io
import itertools
import re
import subprocess
import sys
import tokenize
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
RULES = ROOT / "tests/lint/phrases.yml"

TEXT_SUFFIXES = {
    "",
    ".md",
    ".yml",
    ".json",
    ".yaml",
    ".py",
    ".j2",
    ".sh",
    ".html",
    ".js",
    ".css",
    ".toml",
    ".in",
    ".cfg",
}
SKIPPED = (
    "tests/lint/phrases.yml",
    "tests/support/prose.py",
    "tests/unit/support/test_prose.py",
    "LICENSE",
    "docs/cli.md",
    "docs/modules/",
    # situations from public trackers, in the words of their collection
    "tests/cases/workloads/",
)
GAP = r"(?:[ \t]*\n[ \t]*|[ \t]+)"
CODE = "\0"
KOREAN = re.compile("[가-힣]")
NAME = re.compile(r'^\s*(?:- )?(?:name|"title"): +(.+?),?\s*$', re.MULTILINE)
COMMENT = re.compile(r"(?:^|(?<=[ \t]))#+ +(\S[^\n]*)", re.MULTILINE)
STRING_START = re.compile(r"^[a-zA-Z]*(?:'''|\"\"\"|'|\")")


@dataclass(frozen=True)
class Rule:
    """A phrase that prose does not use."""

    pattern: re.Pattern[str]
    instead: str
    where: str
    allowed: re.Pattern[str] | None


@dataclass(frozen=True)
class Finding:
    """A phrase at a line of a file."""

    path: str
    line: int
    text: str
    instead: str

    def __str__(self) -> str:
        """Return the finding in the format of a compiler's message."""
        return f'{self.path}:{self.line}: "{self.text}" -> {self.instead}'


@cache
def rules() -> tuple[Rule, ...]:
    """Return the rules, in the order of the file."""
    found = []
    for entry in yaml.safe_load(RULES.read_text(encoding="utf-8"))["phrases"]:
        allowed = "|".join(ok["text"] for ok in entry.get("ok", []))
        found.append(
            Rule(
                pattern=re.compile(entry["match"].replace(" ", GAP), re.IGNORECASE | re.MULTILINE),
                instead=entry["instead"],
                where=entry.get("where", "any"),
                allowed=re.compile(allowed, re.IGNORECASE) if allowed else None,
            )
        )
    return tuple(found)


def python_prose(source: str, with_texts: bool) -> tuple[str, list[tuple[int, str]]]:
    """Return a Python file with its code masked, and the line and first line of each docstring.

    Args:
        source: The file's content.
        with_texts: Keep strings that are not docstrings.
    """
    tree = ast.parse(source)
    docstrings = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            text = ast.get_docstring(node)
            if text:
                docstrings[node.body[0].lineno] = text.split("\n")[0]
    lines = source.splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    masked = [char if char.isspace() else CODE for char in source]
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        kind = tokenize.tok_name[token.type]
        text = token.string
        if kind == "STRING":
            if not with_texts and token.start[0] not in docstrings:
                continue
            opening = STRING_START.match(text)
            skip = len(opening[0]) if opening else 0
            tail = len(opening[0].lstrip("rRbBuUfF")) if opening else 0
            text = " " * skip + text[skip : len(text) - tail] + " " * tail
        elif kind == "COMMENT":
            text = " " + text[1:]
        elif kind != "FSTRING_MIDDLE" or not with_texts:
            continue
        begin = starts[token.start[0] - 1] + token.start[1]
        masked[begin : begin + len(text)] = text
    return "".join(masked), sorted(docstrings.items())


def names(source: str) -> list[tuple[int, str]]:
    """Return line and text of each name in a YAML or JSON file: plays, blocks, tasks, panels."""
    found = []
    for match in NAME.finditer(source):
        text = match[1].strip("\"'")
        if " " in text and not text.startswith(("{{", "{")):
            found.append((source.count("\n", 0, match.start(1)) + 1, text))
    return found


def comments(source: str) -> list[tuple[int, str]]:
    """Return line and text of the first line of each comment, by the ``#`` before it."""
    found = []
    last = -1
    for number, line in enumerate(source.splitlines(), 1):
        match = COMMENT.search(line)
        if not match:
            continue
        alone = line.lstrip().startswith("#")
        if not (alone and last == number - 1):
            found.append((number, match[1]))
        last = number if alone else -1
    return found


def without_comment_marks(source: str) -> str:
    """Return a text with the marks of comment lines replaced by spaces, so that phrases join over lines."""
    return re.sub(
        r"^(\s*)(?:#|//|\*)(?= )", lambda mark: mark[0][:-1] + " ", source, flags=re.MULTILINE
    )


def check(path: Path) -> list[Finding]:
    """Return the findings of one file."""
    return list(_check(path))


def _check(path: Path) -> Iterator[Finding]:
    shown = str(path.relative_to(ROOT))
    source = path.read_text(encoding="utf-8")
    openings: dict[str, list[tuple[int, str]]] = {"docstring": [], "name": [], "comment": []}
    if path.suffix not in (".md", ".html", ".css", ".js"):
        openings["comment"] = comments(source)
    if path.suffix == ".py" or source.startswith("#!/usr/bin/env python"):
        text, openings["docstring"] = python_prose(source, not shown.startswith("tests/"))
    else:
        text = without_comment_marks(source)
        if path.suffix in (".yml", ".yaml", ".json"):
            openings["name"] = names(source)
    korean = bool(KOREAN.search(text)) or path.name == "ko.md"
    for rule in rules():
        if rule.where in openings:
            for line, opening in openings[rule.where]:
                if rule.pattern.search(opening):
                    yield Finding(shown, line, opening, rule.instead)
            continue
        if rule.where == "korean" and not korean:
            continue
        for match in rule.pattern.finditer(text):
            if rule.allowed and rule.allowed.search(text[match.start() : match.end() + 40]):
                continue
            line = text.count("\n", 0, match.start()) + 1
            yield Finding(shown, line, " ".join(match[0].split()), rule.instead)


def files(paths: list[str]) -> Iterator[Path]:
    """Yield the text files of the checkout that are below the paths, tracked or new."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *paths]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in sorted(set(listed.splitlines())):
        path = ROOT / name
        if name.startswith(SKIPPED) or path.suffix not in TEXT_SUFFIXES or path.is_symlink():
            continue
        if path.is_file():
            yield path


def findings(paths: list[str]) -> list[Finding]:
    """Return the findings below the paths, by file and line."""
    with ProcessPoolExecutor() as processes:
        found = itertools.chain.from_iterable(processes.map(check, files(paths), chunksize=32))
        return sorted(found, key=lambda finding: (finding.path, finding.line))


def main(arguments: list[str]) -> int:
    """Print the findings below the paths, and return the exit code."""
    here = Path.cwd()
    paths = [str((here / argument).resolve().relative_to(ROOT)) for argument in arguments]
    found = findings(paths or ["."])
    for finding in found:
        print(finding)
    print(f"{len(found)} findings", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
