"""Rows of the feature table name tests that exist."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def test_every_named_test_exists():
    table = (ROOT / "docs/workloads.md").read_text()
    named = set(re.findall(r"`(test_\w+)`", table))
    defined = set()
    for path in (ROOT / "tests").rglob("test_*.py"):
        defined |= set(re.findall(r"^def (test_\w+)", path.read_text(), re.MULTILINE))
    assert len(named) > 10 and named <= defined
