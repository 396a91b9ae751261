"""Kubernetes' own conformance tests pass on the lab, and leave nothing behind."""

from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml

pytestmark = pytest.mark.long

CHOSEN = Path(__file__).parent / "vars/conformance.yml"
NAMES = yaml.safe_load(CHOSEN.read_text())["conformance_names"]
MARK = "e2e-framework"  # a label of all namespaces that the tests create


def namespaces(client):
    found = client.get("/api/v1/namespaces", labelSelector=MARK)
    return [one["metadata"]["name"] for one in found["items"]]


def passed(junit):
    cases = ElementTree.parse(junit).getroot().iter("testcase")
    tests = [one for one in cases if one.get("name").startswith("[It] ")]
    return {one.get("name")[len("[It] ") :] for one in tests if one.get("status") == "passed"}


def test_the_chosen_tests_pass(lab, slipway, client, tmp_path):
    assert len(set(NAMES)) == len(NAMES) >= 60
    done = slipway.run("test", "--conformance", "--junit", str(tmp_path), "-e", f"@{CHOSEN}")
    assert done.returncode == 0, done.stderr[-6000:]
    assert f"{len(NAMES)} tests: {len(NAMES)} passed, 0 skipped." in done.stdout
    assert passed(tmp_path / "conformance.xml") == set(NAMES)
    assert namespaces(client) == []


def test_a_focus_that_matches_nothing_is_an_error_before_any_change(lab, slipway, client):
    done = slipway.run("test", "--conformance", "--focus", "no such test")
    assert done.returncode == 1
    assert "no test matches 'no such test'" in done.stderr
    assert namespaces(client) == []


def test_check_mode_runs_no_test(lab, slipway, client):
    done = slipway.run("test", "--conformance", "-e", f"@{CHOSEN}", "--", "--check")
    assert done.returncode == 0, done.stderr[-6000:]
    assert namespaces(client) == []


def test_namespaces_of_another_run_are_kept_and_named(lab, slipway, client):
    metadata = {"name": "of-another-run", "labels": {MARK: "pods"}}
    client.post("/api/v1/namespaces", {"metadata": metadata})
    try:
        done = slipway.run("test", "--conformance", "-e", f"@{CHOSEN}")
        assert done.returncode == 1
        assert "The cluster has namespaces of tests: of-another-run." in done.stderr
        assert namespaces(client) == ["of-another-run"]
    finally:
        client.delete("/api/v1/namespaces/of-another-run")
