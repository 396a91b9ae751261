"""Tests of ``sbom.python_lock``."""

from pathlib import Path

from ansible_collections.slipway.lab.plugins.module_utils.sbom.python_lock import (
    PythonPackage,
    parse_lock,
)

ONE, TWO = "1" * 64, "2" * 64
LOCK = f"""\
# Made by a tool.
Typing_Extensions==4.0 ; python_version < "3.12" \\
    --hash=sha256:{TWO} \\
    --hash=sha256:{ONE}
    # via a
aiohttp[speedups]==3.1 \\
    --hash=sha256:{ONE}
"""


def test_pins_and_checksums_are_read():
    assert parse_lock(LOCK) == [
        PythonPackage("aiohttp", "3.1", (ONE,)),
        PythonPackage("typing-extensions", "4.0", (ONE, TWO)),
    ]


def test_the_lock_of_the_project_is_read_completely():
    text = (Path(__file__).parents[5] / "requirements/run.lock").read_text()
    found = parse_lock(text)
    assert len(found) == sum("==" in line for line in text.splitlines() if line[0] not in " #")
    assert all(one.sha256 for one in found)
    assert sum(len(one.sha256) for one in found) == text.count("--hash=sha256:")
