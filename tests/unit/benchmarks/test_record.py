"""Figures of the docs come from the recorded results of the benchmarks."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
SPEC = importlib.util.spec_from_file_location("record", ROOT / "benchmarks/record.py")
record = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(record)

# A measured figure has decimals: settings such as "2 GiB" or "30 seconds" are whole numbers.
MEASURED = re.compile(r"\b\d+\.\d+ ?(?:s|ms|MB|MiB|%)(?!\w)")


def test_result_fills_a_block(tmp_path, monkeypatch):
    monkeypatch.setattr(record, "RESULTS", tmp_path / "results")
    page = "a\n<!-- figures: lab -->\nold\n<!-- end -->\nb\n"
    assert record.fill(page) == "a\n<!-- figures: lab -->\n<!-- end -->\nb\n"
    record.write("lab", ["work", "measured"], [["up", "3.1 s"]])
    filled = record.fill(page)
    assert "| work | measured |\n| --- | --- |\n| up | 3.1 s |\n<!-- end -->" in filled
    assert record.fill(filled) == filled


@pytest.mark.parametrize("page", record.pages(), ids=lambda path: str(path.relative_to(ROOT)))
def test_blocks_equal_the_results(page):
    text = page.read_text(encoding="utf-8")
    assert record.fill(text) == text


@pytest.mark.parametrize(
    "page", ["README.md", "docs/services.md", "docs/workloads.md", "docs/architecture.md"]
)
def test_no_measured_figure_is_typed(page):
    text = record.BLOCK.sub("", (ROOT / page).read_text(encoding="utf-8"))
    assert MEASURED.findall(text) == []
