"""Lessons, their texts in both languages and their evidence fit together."""

import re
from pathlib import Path

import pytest
import yaml

from ansible_collections.slipway.lab.plugins.plugin_utils.lesson_record import NOT_REACHED, Evidence
from ansible_collections.slipway.lab.plugins.plugin_utils.lesson_text import LANGUAGES, parse
from slipway.lab.project import locate
from slipway.lessons.catalogue import lessons

ROOT = Path(__file__).resolve().parents[2]
PROJECT = locate(environ={"SLIPWAY_PROJECT": str(ROOT), "HOME": "/nowhere"})
LESSONS = {lesson.name: lesson for lesson in lessons(PROJECT)}


def tasks_of(content):
    """Yield all tasks of a playbook, blocks opened."""
    for task in content:
        yield task
        for part in ("tasks", "block", "rescue", "always"):
            yield from tasks_of(task.get(part) or [])


@pytest.fixture(params=LESSONS)
def lesson(request):
    """A lesson: its playbook, and its texts by language."""
    one = LESSONS[request.param]
    playbook = yaml.safe_load(PROJECT.playbook(one.playbook).read_text())
    return one.name, playbook, {language: one.text(PROJECT, language) for language in LANGUAGES}


def used(playbook, module, key):
    name = f"slipway.lab.{module}"
    return [task[name][key] for task in tasks_of(playbook) if name in task]


def test_texts_and_playbook_have_the_same_ids(lesson):
    _, playbook, texts = lesson
    for text in texts.values():
        assert text.title and text.idea
        assert [step.id for step in text.steps] == used(playbook, "lesson_step", "id")
        assert list(text.claims) == used(playbook, "claim", "name")
        assert list(text.plots) == used(playbook, "lesson_measurement", "name")
        assert list(text.breaks) == list(playbook[0]["vars"]["lesson_breaks"])
        assert all(step.text for step in text.steps)


def test_every_lesson_can_be_broken_on_known_claims(lesson):
    _, playbook, texts = lesson
    breaks = playbook[0]["vars"]["lesson_breaks"]
    assert breaks
    for what, about in breaks.items():
        named = {*about["fails"], *about.get("may_fail", [])}
        assert about["fails"] and named <= set(texts["en"].claims)
        assert re.search(f"lesson_break [!=]= '{what}'", str(playbook).replace("\\'", "'"))


def test_playbook_is_a_lesson(lesson):
    name, playbook, _ = lesson
    assert len(playbook) == 1
    play = playbook[0]
    assert play["vars"]["lesson_name"] == name == play["tags"][0]
    block = play["tasks"][0]
    assert "begin.yml" in str(block["block"][0])
    assert "failed.yml" in str(block["rescue"])
    assert "end.yml" in str(block["always"])


def test_korean_is_korean(lesson):
    text = lesson[2]["ko"]
    for words in (text.idea, *text.claims.values(), *text.plots.values(), *text.breaks.values()):
        assert re.search("[가-힣]", words), words


def test_text_continues_in_indented_lines():
    text = parse(
        "# T\nIdea.\n\n## `one` First\nDone.\n\n"
        "- `c` A claim\n  that goes on.\n- plot `p` Plot.\n\n## Break it\n\n- 고장 `b` Broken.\n"
    )
    assert text.claims == {"c": "A claim that goes on."}
    assert text.plots == {"p": "Plot."} and text.breaks == {"b": "Broken."}
    assert text.steps[0].title == "First" and text.steps[0].text == "Done."
    with pytest.raises(ValueError, match="twice"):
        parse("- `c` one\n- `c` two\n")


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


def test_a_partial_run_needs_only_what_it_checked(tmp_path):
    evidence = Evidence(tmp_path / "x.json")
    evidence.begin("x")
    assert evidence.end(["a", "b"], partial=True) == []
    assert evidence.data["passed"] is False  # nothing was checked at all
    claimed(evidence, "a", True)
    evidence.end(["a", "b"], partial=True)
    assert evidence.data["passed"] is True
