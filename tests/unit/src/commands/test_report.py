"""Tests of ``slipway.commands.report``."""

import json

import pytest


@pytest.fixture
def results(monkeypatch):
    found = []
    monkeypatch.setattr("slipway.lessons.report.write_report", lambda *_: found)
    return found


def claim(passed):
    return {"name": "c", "passed": passed}


def test_nothing_to_report(command, results):
    done = command("report")
    assert done.exit_code == 1
    assert "no lesson was run yet; run: ./slipway lesson all" in done.stderr


def test_claims_are_counted(command, results):
    results.append({"lesson": "a", "passed": True, "claims": [claim(True), claim(None)]})
    done = command("report", "-o", "page.html")
    assert done.stdout == "page.html: 1 of 2 claims hold\n" and done.exit_code == 0
    results.append({"lesson": "b", "passed": False, "claims": [claim(False)]})
    done = command("report", "--json")
    told = json.loads(done.stdout)
    assert (told["ok"], told["claims"], told["held"], done.exit_code) == (False, 3, 1, 1)
