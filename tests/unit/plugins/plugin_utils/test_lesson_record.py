"""Tests of ``plugin_utils.lesson_record``."""

from __future__ import annotations

import json

import pytest

from ansible_collections.slipway.lab.plugins.plugin_utils.lesson_record import (
    NOT_REACHED,
    Evidence,
    machine,
)


def claimed(evidence, name, passed):
    evidence.add("claims", name=name, passed=passed, figure=1, unit="", expected="", seen="")


def test_a_lesson_passes_when_every_claim_holds(tmp_path):
    evidence = Evidence(tmp_path / "state/x.json")
    evidence.begin("x")
    claimed(evidence, "a", True)
    assert evidence.end(["a"], partial=False) == []
    assert Evidence.load(evidence.path).data["passed"] is True
    assert evidence.path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("claims", "error"),
    [({"a": False}, None), ({}, None), ({"a": True}, {"task": "t", "reason": "r"})],
)
def test_a_lesson_fails_on_a_claim_that_does_not_hold_or_was_not_reached(tmp_path, claims, error):
    evidence = Evidence(tmp_path / "x.json")
    evidence.begin("x")
    for name, passed in claims.items():
        claimed(evidence, name, passed)
    evidence.data["error"] = error
    failed = evidence.end(["a"], partial=False)
    assert evidence.data["passed"] is False
    assert [claim["name"] for claim in failed] == ([] if claims.get("a") else ["a"])
    assert claims or failed[0]["seen"] == NOT_REACHED


def test_a_skipped_claim_neither_fails_nor_proves_anything(tmp_path):
    evidence = Evidence(tmp_path / "x.json")
    evidence.begin("x")
    claimed(evidence, "a", None)
    assert evidence.end(["a"], partial=False) == []
    assert evidence.data["passed"] is False  # nothing was proved
    claimed(evidence, "b", True)
    assert evidence.end(["a", "b"], partial=False) == []
    assert evidence.data["passed"] is True


def test_a_partial_run_needs_only_its_own_claims(tmp_path):
    evidence = Evidence(tmp_path / "x.json")
    evidence.begin("x")
    assert evidence.end(["a", "b"], partial=True) == []
    assert evidence.data["passed"] is False  # nothing was checked at all
    claimed(evidence, "a", True)
    evidence.end(["a", "b"], partial=True)
    assert evidence.data["passed"] is True


def test_entries_belong_to_their_step_and_are_saved(tmp_path):
    evidence = Evidence(tmp_path / "x.json")
    evidence.begin("x", language="en")
    claimed(evidence, "before", True)
    evidence.add("steps", id="one", title="One")
    claimed(evidence, "after", True)
    saved = json.loads(evidence.path.read_text())
    assert [claim["step"] for claim in saved["claims"]] == [None, "one"]
    assert saved["language"] == "en" and saved["steps"][0]["at"] >= 0


def test_the_machine_is_described():
    assert machine()["cores"] >= 1 and machine()["memory_gib"] > 0
