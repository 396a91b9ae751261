"""The structure holds: what may import what, and how large a file, a class and a function may be.

``architecture.yml`` names the exceptions. The list only shrinks: an entry that is no longer needed, or that allows
more than is used, fails too.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
COLLECTION = "ansible_collections.slipway.lab.plugins"
RULES = yaml.safe_load((Path(__file__).parent / "architecture.yml").read_text())
LIMITS = RULES["limits"]


def python_files() -> list[Path]:
    """Return the files of the product, relative to the checkout."""
    found = []
    for folder in ("library", "plugins", "src", "upstream", "benchmarks"):
        found += [path for path in (ROOT / folder).rglob("*.py") if "modules" not in path.parts]
    return sorted(path.relative_to(ROOT) for path in found)


def module_name(path: Path) -> str:
    """Return the name under which a file is imported."""
    parts = path.with_suffix("").parts
    parts = parts[:-1] if parts[-1] == "__init__" else parts
    if parts[0] == "plugins":
        return ".".join((COLLECTION, *parts[1:]))
    return ".".join(parts[1:] if parts[0] == "src" else parts)


@cache
def tree(path: Path) -> ast.Module:
    """Return the parsed file."""
    return ast.parse((ROOT / path).read_text(encoding="utf-8"))


NAMES = {module_name(path): path for path in python_files()}


@cache
def imports(path: Path) -> frozenset[str]:
    """Return the names of Slipway's own modules that a file imports, anywhere in it."""
    found = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                package = module_name(path).split(".")
                if path.stem != "__init__":
                    package = package[:-1]
                package = package[: len(package) - node.level + 1]
                base = ".".join([*package, base] if base else package)
            for alias in node.names:
                full = f"{base}.{alias.name}"
                found.add(full if full in NAMES else base)
    return frozenset(found & set(NAMES))


def layer(path: Path) -> str:
    """Return the layer of a file: the longest prefix of its path that the rules name."""
    names = [name for name in RULES["layers"] if str(path).startswith(name + "/")]
    return max(names, key=len, default="")


def circles() -> Iterator[list[str]]:
    """Yield the circles of imports at the level of files, each once."""
    done: set[str] = set()

    def walk(name: str, trail: list[str]) -> Iterator[list[str]]:
        if name in trail:
            yield trail[trail.index(name) :]
            return
        if name in done:
            return
        for other in sorted(imports(NAMES[name])):
            yield from walk(other, [*trail, name])
        done.add(name)

    for name in sorted(NAMES):
        yield from walk(name, [])


def test_no_circle_of_imports():
    assert list(circles()) == []


def test_every_file_has_a_layer():
    assert [str(path) for path in python_files() if not layer(path)] == []


def test_imports_go_in_the_allowed_direction():
    wrong = []
    for path in python_files():
        mine = layer(path)
        allowed = {mine, *RULES["layers"].get(mine, [])}
        for name in imports(path):
            other = layer(NAMES[name])
            if other not in allowed:
                wrong.append(f"{path} ({mine}) imports {name} ({other})")
    assert sorted(wrong) == []


def test_no_file_changes_where_python_looks():
    """Reject changes of ``sys.path`` outside the entry point of the command."""
    hack = re.compile(r"sys\.path\b|__path__")
    found = {str(path) for path in python_files() if hack.search((ROOT / path).read_text())}
    assert sorted(found) == sorted(RULES["path_changes"])


def sizes() -> dict[str, dict[str, int]]:
    """Return what is larger than its limit: ``{file, class or function: size}``, by kind."""
    found: dict[str, dict[str, int]] = {kind: {} for kind in LIMITS}
    for path in python_files():
        lines = (ROOT / path).read_text(encoding="utf-8").count("\n")
        if path.parts[0] == "library":  # documentation is most of a module
            lines -= documentation_lines(path)
        measured = {("file", str(path)): lines, ("imports", str(path)): len(imports(path))}
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ClassDef):
                measured["class", f"{path}:{node.name}"] = span(node)
            elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                measured["function", f"{path}:{node.name}"] = span(node)
        for (kind, name), size in measured.items():
            if size > LIMITS[kind]:
                found[kind][name] = max(size, found[kind].get(name, 0))
    return found


def span(node: ast.AST) -> int:
    """Return the lines of a definition, without its docstring."""
    size = node.end_lineno - node.lineno + 1
    first = node.body[0]
    if isinstance(first, ast.Expr) and isinstance(getattr(first, "value", None), ast.Constant):
        size -= first.end_lineno - first.lineno + 1
    return size


def documentation_lines(path: Path) -> int:
    """Return the lines of DOCUMENTATION, EXAMPLES and RETURN."""
    return sum(
        node.end_lineno - node.lineno + 1
        for node in tree(path).body
        if isinstance(node, ast.Assign)
        and node.targets[0].id in ("DOCUMENTATION", "EXAMPLES", "RETURN")
    )


@pytest.mark.parametrize("kind", LIMITS)
def test_nothing_grows_beyond_its_limit(kind):
    """Compare sizes over a limit with the listed ones, which may only shrink."""
    found, listed = sizes()[kind], RULES["exceptions"].get(kind) or {}
    grown = {name: size for name, size in found.items() if size > listed.get(name, 0)}
    stale = {name: size for name, size in listed.items() if found.get(name, 0) < size}
    assert not grown, f"over the limit of {LIMITS[kind]}: split it"
    assert not stale, f"now smaller: lower or remove it in architecture.yml: {stale}"


def test_every_shared_file_has_a_mirrored_test():
    """``plugins/X/name.py`` and ``src/slipway/X/name.py`` have ``tests/unit/.../X/test_name.py``."""
    missing = []
    for path in python_files():
        if path.parts[0] == "plugins" and path.parts[1] != "doc_fragments":
            place = Path("tests/unit", *path.parent.parts)
        elif path.parts[:2] == ("src", "slipway"):
            place = Path("tests/unit/src", *path.parent.parts[2:])
        else:
            continue
        if path.stem.startswith("__"):
            continue
        if not (ROOT / place / f"test_{path.stem}.py").exists():
            missing.append(str(path))
    listed = RULES["exceptions"]["without_test"] or []
    assert sorted(set(missing) - set(listed)) == [], "write the mirrored test"
    assert sorted(set(listed) - set(missing)) == [], "has a test now: remove it from the list"
