"""Tests of ``classroom.results``."""

import csv
import io
from xml.etree import ElementTree

from ansible_collections.slipway.lab.plugins.plugin_utils.classroom.results import as_csv, as_junit

TASK = {"task": "a", "puzzle": False, "state": "done", "began": 100.0, "done": 160.4, "checks": 2,
        "hints": 1, "predicted": "=1+1", "measured": None}  # fmt: skip
NEW = {**TASK, "task": "b", "state": "new", "began": None, "done": None, "predicted": None}
SOLVED = {**TASK, "task": "c", "state": "solved", "puzzle": True}
BOARD = [
    {
        "student": "student-01",
        "lessons": [{"lesson": "demo", "current": "b", "tasks": [TASK, NEW, SOLVED]}],
    },
    {"student": "student-02", "lessons": []},
]


def test_csv_has_a_line_for_each_task():
    first, second, third = csv.DictReader(io.StringIO(as_csv("math", BOARD)))
    assert (first["class"], first["student"], first["lesson"]) == ("math", "student-01", "demo")
    assert (first["state"], first["seconds"], first["checks"]) == ("done", "60", "2")
    assert first["began"] == "1970-01-01T00:01:40+00:00"
    assert (second["state"], second["began"], second["seconds"]) == ("new", "", "")
    assert third["puzzle"] == "yes"


def test_a_formula_stays_text():
    assert next(csv.DictReader(io.StringIO(as_csv("math", BOARD))))["predicted"] == "'=1+1"


def test_junit_skips_what_was_not_done():
    (suite,) = ElementTree.fromstring(as_junit("math", BOARD))
    assert suite.attrib == {
        "name": "student-01.demo", "tests": "3", "failures": "0", "skipped": "1",
    }  # fmt: skip
    done, new, solved = suite
    assert done.attrib["time"] == "60" and list(done) == []
    assert new[0].tag == "skipped" and new[0].attrib["message"] == "new"
    assert solved[0].text == "with the solution"
