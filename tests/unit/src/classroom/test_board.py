"""Tests of ``slipway.classroom.board``."""

from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from slipway.classroom import board
from slipway.classroom.board import read_class, read_classes, show_class, show_classes, watch_class
from slipway.errors import UsageError
from slipway.lab.project import locate
from support.classroom import class_namespaces, record

ROOT = Path(__file__).resolve().parents[3] / "fixtures/project"


@pytest.fixture
def project(tmp_path):
    found = locate(environ={"SLIPWAY_PROJECT": str(ROOT), "HOME": str(tmp_path)})
    return replace(found, state=tmp_path / "state")


@pytest.fixture
def cluster(monkeypatch):
    """The records of the class ``math``, as the cluster returns them; and the queries."""
    records, queries = [], []

    def read(project, kind, *words):
        queries.append((kind, *words))
        return class_namespaces() if kind == "namespaces" else records

    monkeypatch.setattr(board, "read_objects", read)
    records.append(record(**{"write-sum": {"began": 1, "green": 2, "checked": 3, "hints": 1}}))
    return records, queries


def shown(function, *words):
    console = Console(width=100, record=True, file=open("/dev/null", "w"))  # noqa: SIM115
    function(console, *words)
    return console.export_text()


def test_a_class_is_read_from_its_own_namespace(project, cluster):
    found = read_class(project, "math")
    assert [one["student"] for one in found["students"]] == ["student-01", "student-02"]
    assert cluster[1][-1] == (
        "configmaps", "--namespace", "class-math", "--selector", "slipway.lab/class=math",
    )  # fmt: skip


def test_an_unknown_class_is_refused(project, cluster):
    with pytest.raises(UsageError, match="no class 'art' on this lab; classes: math"):
        read_class(project, "art")


def test_the_board_has_a_line_for_each_student_and_lesson(project, cluster):
    text = shown(show_class, read_class(project, "math"))
    (line,) = [one for one in text.splitlines() if "demo" in one]
    assert line.split() == ["student-01", "demo", "1/2", "✓·", "write-sum", "3", "1"]
    assert "student-02" in text and "with the solution" in text


def test_classes_are_listed(project, cluster):
    assert "math   2" in shown(show_classes, read_classes(project))
    assert "no class" in shown(show_classes, [])


def test_the_board_is_shown_until_the_user_ends_it(project, cluster, monkeypatch):
    def pause(seconds):
        raise KeyboardInterrupt

    monkeypatch.setattr(board.time, "sleep", pause)
    with pytest.raises(KeyboardInterrupt):
        shown(watch_class, project, "math")
