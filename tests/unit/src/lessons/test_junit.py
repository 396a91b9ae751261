"""Tests of ``slipway.lessons.junit``."""

from xml.etree import ElementTree

from slipway.lessons.junit import junit
from slipway.lessons.show import as_dict
from support.lesson_results import claim, evidence


def test_a_lesson_is_a_suite_and_a_claim_a_case():
    claims = (claim("good", True), claim("bad", False), claim("left", None, seen="no metrics"))
    text = junit([as_dict("state", evidence(*claims))])
    suite = ElementTree.fromstring(text).find("testsuite")
    assert {key: suite.get(key) for key in ("name", "tests", "failures", "skipped", "errors")} == {
        "name": "state", "tests": "3", "failures": "1", "skipped": "1", "errors": "0",
    }  # fmt: skip
    good, bad, left = suite.findall("testcase")
    assert len(good) == 0
    assert bad.find("failure").get("message") == "expected 4; seen 3"
    assert left.find("skipped").get("message") == "no metrics"


def test_a_failed_task_is_an_error():
    result = as_dict("state", evidence(error={"task": "T", "reason": "no <answer>"}))
    suite = ElementTree.fromstring(junit([result])).find("testsuite")
    assert (suite.get("errors"), suite.find("system-err").text) == ("1", "no <answer>")
