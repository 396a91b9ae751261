"""Tests of ``conformance.report``."""

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.conformance.report import (
    ReportError,
    first_line,
    read_report,
)
from support.fake_ginkgo import junit


@pytest.fixture
def read(tmp_path):
    def reader(text):
        path = tmp_path / "junit.xml"
        path.write_text(text)
        return read_report(path)

    return reader


def test_tests_count_by_their_state_and_those_left_out_do_not(read):
    states = [("a", "passed"), ("b", "failed"), ("c", "skipped"), ("d", "left out")]
    report = read(junit(states))
    assert report.counts() == {"tests": 3, "passed": 1, "failed": 1, "skipped": 1}
    assert [case.name for case in report.cases] == ["a", "b", "c"]
    assert report.cases[0].seconds == 1.5
    assert report.of_state("skipped")[0].reason == "needs 2 nodes"


def test_a_failure_has_a_reason_and_evidence(read):
    (case,) = read(junit([("b", "failed")])).cases
    assert case.reason == "expected 200, got 503"
    assert "pods.go:12" in case.evidence and case.evidence.endswith("the events of the pod")


def test_a_failed_step_of_the_suite_is_a_failure_and_a_good_one_is_no_test(read):
    (case,) = read(junit([], "timed out waiting for nodes")).cases
    assert (case.name, case.reason) == ("[SynchronizedBeforeSuite]", "timed out waiting for nodes")


@pytest.mark.parametrize("status", ["timedout", "interrupted", "panicked", "aborted"])
def test_other_ends_of_a_test_are_failures(read, status):
    text = f'<testsuites><testcase name="[It] a" status="{status}"><error>why</error></testcase></testsuites>'
    assert [(one.state, one.reason) for one in read(text).cases] == [("failed", "why")]


def test_a_failure_without_a_text_has_its_status_as_reason(read):
    text = '<testsuites><testcase name="[It] a" status="interrupted"></testcase></testsuites>'
    assert read(text).cases[0].reason == "interrupted"


@pytest.mark.parametrize("text", ["", "<testsuites><testcase"])
def test_a_report_that_is_cut_off_is_an_error_with_its_path(read, tmp_path, text):
    with pytest.raises(ReportError, match=f"{tmp_path}/junit.xml cannot be read"):
        read(text)


def test_a_missing_report_is_an_error(tmp_path):
    with pytest.raises(ReportError, match="cannot be read"):
        read_report(tmp_path / "none.xml")


def test_a_planned_test_that_did_not_run_is_a_failure(read):
    report = read(junit([("a", "passed"), ("b", "left out")])).completed(["a", "b"])
    assert report.counts() == {"tests": 2, "passed": 1, "failed": 1, "skipped": 0}
    assert (report.cases[1].name, report.cases[1].reason) == ("b", "the run ended before this test")


def test_the_first_line_that_says_something():
    assert first_line("\n [FAILED]\n  [FAILED] no such pod\nmore") == "no such pod"
    assert first_line("") == ""
