"""Tests of the action plugin ``claim``."""

import json

from ansible_collections.slipway.lab.plugins.action import claim


def told(folder):
    """Return the message of the only progress line."""
    return json.loads((folder / "progress.jsonl").read_text())["message"]


def test_a_claim_that_holds_is_recorded_with_its_figure(run, evidence):
    result = run(claim, name="sum", that="2 + 2 == 4", figure="{{ 2 + 2 }}", unit="apples")
    assert result["changed"] is False
    (recorded,) = evidence()["claims"]
    assert (recorded["passed"], recorded["figure"], recorded["unit"]) == (True, 4, "apples")
    assert recorded["expected"] == "2 + 2 == 4"


def test_a_claim_that_does_not_hold_is_a_result_and_no_failure(run, evidence, tmp_path):
    result = run(claim, name="sum", that=["2 + 2 == 4", "2 + 2 == 5"], seen="{{ 4 }}")
    assert "failed" not in result and result["claim"]["passed"] is False
    assert evidence()["claims"][0]["seen"] == "4"
    assert told(tmp_path) == "✗ Two and two are four."


def test_a_condition_that_cannot_be_evaluated_does_not_hold(run):
    recorded = run(claim, name="sum", that="missing.field == 4")["claim"]
    assert recorded["passed"] is False and recorded["seen"].startswith("not readable: ")


def test_a_figure_that_is_not_a_number_does_not_hold(run):
    recorded = run(claim, name="sum", that="true", figure="many")["claim"]
    assert recorded["passed"] is False and recorded["figure"] is None
    assert "the figure is not a number: 'many'" in recorded["seen"]


def test_a_skipped_claim_has_a_reason_and_no_verdict(run, tmp_path):
    recorded = run(claim, name="sum", that="2 + 2 == 5", skip="no metrics")["claim"]
    assert (recorded["passed"], recorded["seen"]) == (None, "no metrics")
    assert told(tmp_path) == "- Two and two are four. (no metrics)"
