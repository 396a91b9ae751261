"""Goals, ratios, table and plot of the results."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[3] / "benchmarks"))

from rows import Row, plot, show  # noqa: E402

FASTER = {"theirs": 30.0, "ours": 1.0}


@pytest.mark.parametrize(
    ("row", "goal", "met"),
    [
        (Row("w", "x", **FASTER), "", True),
        (Row("w", "x", **FASTER, at_least=30), ">= 30x", True),
        (Row("w", "x", 29.9, 1.0, at_least=30), ">= 30x", False),
        (Row("w", "x", None, 149, "ms", at_most=150), "<= 150 ms", True),
        (Row("w", "x", None, 151, "ms", at_most=150), "<= 150 ms", False),
        (Row("w", "x", 10.0, 13.0, at_most=1.3), "<= 1.3x", True),
        (Row("w", "x", 10.0, 13.1, at_most=1.3), "<= 1.3x", False),
        (Row("w", "x", None, 0, "writes", at_most=0), "0 writes", True),
        (Row("w", "x", None, 1, "writes", at_most=0), "0 writes", False),
    ],
)
def test_goals(row, goal, met):
    assert (row.goal, row.met) == (goal, met)
    assert row.as_dict()["met"] == met


def test_a_ratio_is_the_factor_by_which_the_other_takes_longer():
    assert Row("w", "x", **FASTER).ratio == 30
    assert Row("w", "x", 10.0, 12.0, at_most=1.3).ratio == pytest.approx(1.2)
    assert Row("w", "x", None, 1.0).ratio is None


@pytest.mark.slow
def test_table_and_plot_show_every_kind_of_row(tmp_path):
    rows = [
        Row("apply", "peer", **FASTER, at_least=31),
        Row("scale", "a watch", None, 10, "ms", at_most=150),
        Row("writes", "count", None, 0, "writes", at_most=0),
    ]
    text = show(rows, ["a word"])
    assert ">= 31x MISSED" in text and "0 writes met" in text and "note: a word" in text
    plot(rows, tmp_path / "plot.png")
    assert (tmp_path / "plot.png").read_bytes().startswith(b"\x89PNG")
