"""The page of the report: its counts, and what assistive technology and a printer get."""

import re

import pytest

from ansible_collections.slipway.lab.plugins.plugin_utils.lesson_record import Evidence
from slipway.lab.project import locate
from slipway.lessons.catalogue import evidence_file, lessons
from slipway.lessons.page import page


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project whose state directory is empty."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.delenv("ANSIBLE_INVENTORY", raising=False)
    return locate()


def rendered(project, *, skipped=0, failed=0):
    """Render the page of the first lesson, with some of its claims skipped and some failed."""
    lesson = lessons(project)[0]
    text = lesson.text(project, "en")
    evidence = Evidence(evidence_file(project, lesson.name))
    evidence.begin(
        lesson.name, lab="x", broken="", check_only=False, versions={"kubernetes": "v1", "minikube": "v2"}
    )  # fmt: skip
    evidence.add("steps", id=text.steps[0].id, commands=[])
    for number, name in enumerate(text.claims):
        passed = None if number < skipped else number >= skipped + failed
        evidence.add("claims", name=name, passed=passed, figure=None, unit="", expected="3 pods",
                     seen="2 pods")  # fmt: skip
    evidence.add("evidence", name="startup", kind="bars", unit="s", x_unit="",
                 marks=[], data={"pod": 1.5})  # fmt: skip
    evidence.end(text.claims, partial=False)
    return page(project, lessons(project), "en"), len(text.claims)


def headline(text):
    """Return the class and the count of the headline."""
    found = re.search(r'<p class="sum"><strong class="(\w+)">(\d+) / (\d+)</strong>', text)
    return found.group(1), int(found.group(2)), int(found.group(3))


def test_skipped_claims_are_neither_a_success_nor_a_failure(project):
    text, claims = rendered(project, skipped=2)
    assert headline(text) == ("good", claims - 2, claims - 2)
    assert '(2 <span lang="en">skipped</span>' in text


def test_a_failed_claim_marks_the_headline(project):
    text, claims = rendered(project, failed=1)
    assert headline(text) == ("bad", claims - 1, claims)


def test_plots_are_named_by_their_caption_in_the_language_of_the_page(project):
    text, _ = rendered(project)
    labels = re.findall(r'role="img" aria-labelledby="([^"]+)"', text)
    assert labels
    for label in labels:
        caption = re.search(rf'<figcaption id="{label}">(.*?)</figcaption>', text).group(1)
        assert 'lang="en"' in caption and 'lang="ko"' in caption


def test_print_keeps_what_was_expected_and_seen(project):
    text, _ = rendered(project)
    assert not re.search(r"@media print.*?details[^}]*display: none", text, re.DOTALL)
    assert "beforeprint" in text
