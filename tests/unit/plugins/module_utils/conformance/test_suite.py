"""Tests of ``conformance.suite``."""

import re
import threading
import time

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.conformance.suite import (
    Settings,
    Suite,
    SuiteError,
    exactly,
)
from support.fake_ginkgo import calls, fake_ginkgo

TESTS = {
    "[sig-node] Pods run [Conformance]": "passed",
    "[sig-node] Pods run (again) [Conformance]": "passed",
    "[sig-apps] Jobs [Serial] [Conformance]": "passed",
}


@pytest.fixture
def suite(tmp_path):
    def make(tests=TESTS, names=(), registry="", more=None, **changed):
        programs = tmp_path / "programs"
        programs.mkdir(exist_ok=True)
        fake_ginkgo(programs, tests, **(more or {}))
        options = {
            "focus": r"\[Conformance\]",
            "skip": r"\[Serial\]",
            "processes": 4,
            "timeout": 60,
        }
        return Suite(
            Settings(
                programs=programs,
                kubeconfig=tmp_path / "kubeconfig",
                kubectl=tmp_path / "kubectl",
                directory=tmp_path / "out",
                names=tuple(names),
                registry=registry,
                **{**options, **changed},
            )
        )

    return make


def no_report(*_):
    return None


def test_the_plan_lists_the_selected_tests(suite):
    assert suite().plan() == list(TESTS)[:2]
    assert suite(skip="").plan() == list(TESTS)


def test_names_select_exactly_these_tests(suite):
    assert suite(names=[next(iter(TESTS))]).plan() == [next(iter(TESTS))]


def test_an_unknown_name_is_an_error_that_names_it(suite):
    with pytest.raises(SuiteError, match=r"no such tests: Pods fly\. .*e2e\.test --list-tests"):
        suite(names=["Pods fly", next(iter(TESTS))]).plan()


def test_a_selection_without_tests_is_an_error(suite):
    with pytest.raises(SuiteError, match="no test matches 'nothing' without "):
        suite(focus="nothing").plan()


def test_a_plan_that_fails_shows_what_ginkgo_said(suite, tmp_path):
    with pytest.raises(SuiteError, match=r"could not be listed; see .*plan\.log\nsaid by ginkgo"):
        suite(more={"dry_code": 2}).plan()


def test_a_missing_program_is_an_error(suite, tmp_path):
    run = suite()
    (tmp_path / "programs/ginkgo").unlink()
    with pytest.raises(SuiteError, match="ginkgo cannot be started: .*No such file"):
        run.plan()


def test_a_run_reports_progress_and_the_result(suite, tmp_path):
    said = []
    report = suite(more={"seconds": 1.5}).run(2, lambda *words: said.append(words))
    assert report.counts() == {"tests": 2, "passed": 2, "failed": 0, "skipped": 0}
    assert said[-1] == ("0 failed", 2, 2)
    (call,) = calls(tmp_path / "programs")
    # never more processes than tests
    assert {"--procs=2", "--timeout=60s", f"--kubeconfig={tmp_path}/kubeconfig"} <= {*call["words"]}
    assert (tmp_path / "out/e2e.log").read_text().startswith("said by ginkgo\n")


def test_the_plan_runs_in_one_process(suite, tmp_path):
    suite().plan()
    (call,) = calls(tmp_path / "programs")
    assert {"--procs=1", "--dry-run"} <= {*call["words"]}


def test_failed_tests_are_a_result(suite):
    report = suite({"a [Conformance]": "failed"}).run(1, no_report)
    assert [case.name for case in report.of_state("failed")] == ["a [Conformance]"]


def test_a_run_without_a_report_is_an_error(suite, tmp_path):
    with pytest.raises(SuiteError, match=r"ended without a report; see .*e2e\.log\nsaid by ginkgo"):
        suite(more={"no_report": True, "code": 197}).run(1, no_report)


def test_a_report_of_an_earlier_run_is_never_read(suite):
    suite().run(2, no_report)
    with pytest.raises(SuiteError, match="ended without a report"):
        suite(more={"no_report": True, "code": 1}).run(2, no_report)


def test_a_run_that_fails_without_a_failed_test_was_cut_off(suite):
    with pytest.raises(SuiteError, match="were cut off"):
        suite(more={"code": 197}).run(2, no_report)


def test_images_come_from_the_registry(suite, tmp_path, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    suite(registry="10.0.0.1:5081/conformance").plan()
    suite().plan()
    first, second = calls(tmp_path / "programs")
    assert first["registries"] == "promoterE2eRegistry: 10.0.0.1:5081/conformance\n"
    assert second["registries"] == ""
    assert first["foreign"] == []


def test_an_interrupted_run_gets_time_to_clean_up(suite, tmp_path):
    run = suite(more={"hang": True, "no_report": True})
    errors = []

    def work():
        try:
            run.run(1, no_report)
        except SuiteError as error:
            errors.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    while not (tmp_path / "programs/started").exists():
        time.sleep(0.01)
    run.interrupt()
    thread.join(10)
    assert (tmp_path / "programs/interrupted").exists()
    assert len(errors) == 1


def test_the_tests_are_not_ended_with_the_run_of_the_command(suite, tmp_path, monkeypatch):
    monkeypatch.setenv("SLIPWAY_RUN", "1")
    suite().plan()
    [call] = calls(tmp_path / "programs")
    assert call["foreign"] == []


def test_an_interrupt_without_a_run_does_nothing(suite):
    suite().interrupt()


def test_the_expression_of_names_is_one_for_go_and_python():
    pattern = exactly(["[a] b+c. (d) {e} f|g^h$i\\j*?"])
    assert re.search(pattern, "test/e2e [a] b+c. (d) {e} f|g^h$i\\j*?")
    assert not re.search(pattern, "test/e2e x[a] b+c. (d) {e} f|g^h$i\\j*?")
    assert not re.search(pattern, "test/e2e [a] b+c. (d) {e} f|g^h$i\\j*? more")
    assert "- / '" in exactly(["- / '"])  # Go rejects needless escapes of letters only; these stay
