"""Style of Python, shell and YAML: quick enough for every run."""

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = (".ci", "roles", "upstream", "tests")
# As in ansible-lint, which takes too long for every run.
YAML_FOLDERS = ("playbooks", "roles", "inventories", "molecule", "meta", "upstream")
YAML_WIDTH = 160


def shell_scripts():
    """Yield the shell scripts: files whose first line names a shell."""
    files = [ROOT / "slipway", *(path for name in FOLDERS for path in (ROOT / name).rglob("*"))]
    for path in files:
        if path.is_file():
            with path.open("rb") as content:
                first = content.readline(64).split()
            if first[:1] == [b"#!/bin/sh"] or first[-1:] == [b"bash"]:
                yield str(path.relative_to(ROOT))


@pytest.mark.parametrize("arguments", [("check",), ("format", "--check")])
def test_ruff_is_clean(arguments):
    done = subprocess.run(["ruff", *arguments, "."], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("script", sorted(shell_scripts()))
def test_shell_syntax(script):
    shell = (ROOT / script).read_text().splitlines()[0].removeprefix("#!").split()[-1]
    done = subprocess.run([shell, "-n", script], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_yaml_lines_are_short():
    files = [path for name in YAML_FOLDERS for path in (ROOT / name).rglob("*.yml")]
    long = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in files
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if len(line) > YAML_WIDTH
    ]
    assert files
    assert long == []
