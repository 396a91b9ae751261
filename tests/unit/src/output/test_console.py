"""Tests of ``slipway.output.console``."""

import io

import pytest
from rich.console import Console

from slipway.output.console import (
    ASCII_SIGNS,
    MAX_WIDTH,
    SIGNS,
    create_table,
    is_live,
    result_console,
    signs,
)


def console(terminal=True, encoding="utf-8"):
    file = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    return Console(file=file, force_terminal=terminal)


@pytest.mark.parametrize(
    ("environment", "terminal", "live"),
    [
        ({"TERM": "xterm"}, True, True),
        ({"TERM": "dumb"}, True, False),
        ({"TERM": "xterm", "CI": "true"}, True, False),
        ({"TERM": "xterm"}, False, False),
    ],
)
def test_a_live_table_needs_a_terminal_that_a_user_watches(environment, terminal, live):
    assert is_live(console(terminal), environment) is live


def test_signs_suit_the_encoding():
    assert signs(console()) is SIGNS
    assert signs(console(encoding="latin-1")) is ASCII_SIGNS


def test_results_have_the_same_width_without_a_terminal(monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setattr("sys.stdout", io.StringIO())
    assert result_console().width == MAX_WIDTH


def test_a_table_folds_long_cells_and_aligns_numbers():
    table = create_table("NAME", "NUMBER", right=("NUMBER",), gap=2)
    table.add_row("abcdef", "7")
    narrow = Console(file=io.StringIO(), width=12)
    narrow.print(table)
    lines = [line.rstrip() for line in narrow.file.getvalue().splitlines()]
    assert lines == ["NAME  NUMBER", "abcd       7", "ef"]
