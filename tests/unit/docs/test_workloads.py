"""Rows of the feature tables name tests that exist, and goals are those of the benchmark."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
sys.path.append(str(ROOT / "benchmarks"))

from comparison import apply  # noqa: E402

PAGE = (ROOT / "docs/workloads.md").read_text()
NAMED = re.compile(r"`(test_\w+)`")


def rows(title: str) -> list[list[str]]:
    """Return the cells of the first table below a title, without its head."""
    section = PAGE.partition(f"## {title}\n")[2]
    table = re.search(r"(?:^\|.*\n)+", section, re.MULTILINE)[0]
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in table.splitlines()[2:]]


COMPARISONS = re.findall(r"^## (Comparison with .*)$", PAGE, re.MULTILINE)


def test_every_named_test_exists():
    named = set(NAMED.findall(PAGE))
    defined = set()
    for path in (ROOT / "tests").rglob("test_*.py"):
        defined |= set(re.findall(r"^def (test_\w+)", path.read_text(), re.MULTILINE))
    assert len(named) > 10 and named <= defined


@pytest.mark.parametrize("title", COMPARISONS)
def test_every_feature_has_a_test_or_is_marked_as_missing(title):
    found = rows(title)
    assert len(found) > 10
    unproved = [row[0] for row in found if row[1] != "no" and not NAMED.search(row[-1])]
    assert unproved == []


@pytest.mark.parametrize(
    ("work", "run"),
    [("100 Deployments + 100 Services, first apply", "first"), ("the same unchanged", "unchanged")],
)
def test_goals_are_those_that_the_benchmark_checks(work, run):
    [goal] = [row[1] for row in rows("Measured") if row[0] == work]
    stated = {float(number) for number in re.findall(r">= ([\d.]+)x", goal)}
    assert stated == set(apply.GOALS[run].values())
    assert all(name in goal for name in apply.GOALS[run] if name.startswith("kubectl"))
