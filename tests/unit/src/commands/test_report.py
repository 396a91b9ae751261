"""Tests of ``slipway.commands.report``."""

import pytest

from support.json_document import read_document


@pytest.fixture
def results(monkeypatch):
    found = []
    monkeypatch.setattr("slipway.lessons.report.write_report", lambda *_: found)
    return found


def result(name, *verdicts):
    """Return the result of a lesson whose claims have these verdicts."""
    details = {"figure": None, "unit": None, "expected": "yes", "seen": "yes"}
    claims = [{"name": "c", "passed": verdict, **details} for verdict in verdicts]
    passed = False not in verdicts
    return {"lesson": name, "passed": passed, "claims": claims, "seconds": 1.0, "error": None}


def test_nothing_to_report(command, results):
    assert command("report").exit_code == 4
    command.make()
    done = command("report")
    assert done.exit_code == 1
    assert "no lesson was run yet; run: ./slipway lesson all" in done.stderr


def test_claims_are_counted(command, results):
    results.append(result("a", True, None))
    done = command("report", "-o", "page.html")
    assert done.stdout == "page.html: 1 of 1 claims hold; 1 more skipped\n" and done.exit_code == 0
    results.append(result("b", False))
    done = command("report", "--json")
    told = read_document("report", done.stdout)
    assert (told["ok"], told["claims"], told["held"], told["skipped"]) == (False, 3, 1, 1)
    assert done.exit_code == 1
