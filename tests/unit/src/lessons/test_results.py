"""Tests of ``slipway.lessons.results``."""

import json
from dataclasses import replace

from slipway.lab.project import locate
from slipway.lessons.catalogue import lessons
from slipway.lessons.results import read_results


def test_lessons_are_sorted_by_their_last_result(tmp_path):
    project = replace(locate(), state=tmp_path)
    folder = tmp_path / "lessons"
    folder.mkdir()
    (folder / "tutorial.json").write_text(json.dumps({"passed": True}))
    (folder / "state.json").write_text(json.dumps({"passed": False}))
    (folder / "cluster.json").write_text("{")
    found = read_results(project)
    assert (found["passed"], found["failed"]) == (["tutorial"], ["state"])
    assert "cluster" in found["not_run"] and len(found["not_run"]) == len(lessons(project)) - 2
