"""Tests of ``conformance.tasks``, through the module that they serve."""

from pathlib import Path

import pytest

from support.fake_ginkgo import calls, fake_ginkgo
from support.module_runner import run_module

TESTS = {"a [Conformance]": "passed", "b [Conformance]": "failed", "c [Conformance]": "skipped"}


@pytest.fixture
def run(tmp_path):
    def runner(tests, check=False, **options):
        programs = tmp_path / "programs"
        programs.mkdir(exist_ok=True)
        fake_ginkgo(programs, tests)
        paths = {"kubeconfig": "/k", "kubectl": "/l", "directory": str(tmp_path / "out")}
        given = {"programs": str(programs), **paths, **options}
        return run_module("conformance_tests", check=check, **given)

    return runner


def test_check_mode_lists_the_tests_and_runs_none(run, tmp_path):
    result = run(TESTS, check=True)
    assert (result["rc"], result["changed"], result["tests"]) == (0, False, 3)
    assert result["names"] == list(TESTS)
    assert [("--dry-run" in one["words"]) for one in calls(tmp_path / "programs")] == [True]


def test_a_run_without_failures(run, tmp_path):
    result = run({"a [Conformance]": "passed", "c [Conformance]": "skipped"})
    assert result["rc"] == 0 and not result["changed"]
    assert (result["tests"], result["passed"], result["skipped"]) == (2, 1, 1)
    assert result["skips"] == [{"name": "c [Conformance]", "reason": "needs 2 nodes"}]
    assert result["failures"] == []
    assert Path(result["junit"]).read_text().startswith("<testsuites>")


def test_failed_tests_fail_the_module_with_names_reasons_and_evidence(run, tmp_path):
    result = run(TESTS, junit=str(tmp_path / "results/conformance.xml"))
    assert result["rc"] == 1
    (failure,) = result["failures"]
    assert failure["name"] == "b [Conformance]"
    assert "the events of the pod" in Path(failure["evidence"]).read_text()
    assert result["msg"].splitlines() == [
        "1 of 3 tests failed:",
        "- b [Conformance]",
        "  expected 200, got 503",
        f"  evidence: {failure['evidence']}",
        f"JUnit: {tmp_path}/results/conformance.xml",
        f"log: {tmp_path}/out/e2e.log",
    ]
    assert (tmp_path / "results/conformance.xml").exists()


def test_evidence_of_an_earlier_run_goes(run, tmp_path):
    run(TESTS)
    assert run({"a [Conformance]": "passed"})["rc"] == 0
    assert not (tmp_path / "out/failures").exists()


def test_the_selection_reaches_ginkgo(run, tmp_path):
    run(TESTS, check=True, names=["a [Conformance]"])
    run(TESTS, check=True, focus="b", skip="")
    first, second = (one["words"] for one in calls(tmp_path / "programs"))
    assert r"--focus=(^|\s)(a \[Conformance\])$" in first
    assert "--focus=b" in second
    assert not [word for word in first + second if word.startswith("--skip")]
