"""Every lesson passes on the real lab, fails on the right claim when it is broken, and leaves nothing."""

import json
from pathlib import Path

import pytest
import yaml

from slipway.lessons.catalogue import lessons
from slipway.project import locate

PROJECT = locate()
NAMES = [lesson.name for lesson in lessons(PROJECT)]
BREAKS = [
    pytest.param(lesson.name, what, about["fails"], id=f"{lesson.name}-{what}")
    for lesson in lessons(PROJECT)
    for what, about in yaml.safe_load(Path(PROJECT.playbook(lesson.playbook)).read_text())[0][
        "vars"
    ]["lesson_breaks"].items()
]


def namespaces(slipway):
    return slipway.run("kubectl", "get", "namespaces", "-o", "name").stdout.split()


@pytest.mark.parametrize("name", NAMES)
def test_lesson_passes_and_leaves_nothing(name, slipway):
    before = namespaces(slipway)
    done = slipway.run("lesson", name, "--json")
    told = json.loads(done.stdout)
    assert told["lesson"] == name
    assert told["passed"] is True, (
        told["error"],
        [one for one in told["claims"] if one["passed"] is False],
    )
    assert done.returncode == 0
    assert namespaces(slipway) == before


@pytest.mark.parametrize(("name", "what", "fails"), BREAKS)
def test_broken_lesson_fails_on_the_right_claims(name, what, fails, slipway):
    done = slipway.run("lesson", name, "--break", what, "--json")
    told = json.loads(done.stdout)
    assert sorted(one["name"] for one in told["claims"] if one["passed"] is False) == sorted(fails)
    assert told["passed"] is False and done.returncode == 1
    assert slipway.run("status").returncode == 0
