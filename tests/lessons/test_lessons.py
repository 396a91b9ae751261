"""Every lesson passes on the real lab, fails on the right claim when it is broken, and leaves nothing."""

import json
from pathlib import Path

import pytest
import yaml

from slipway.lab.project import locate
from slipway.lessons.catalogue import lessons

PROJECT = locate()
VARIABLES = {
    lesson.name: yaml.safe_load(Path(PROJECT.playbook(lesson.playbook)).read_text())[0]["vars"]
    for lesson in lessons(PROJECT)
}
BREAKS = [
    pytest.param(
        name, what, set(about["fails"]), set(about.get("may_fail", [])), id=f"{name}-{what}"
    )
    for name, variables in VARIABLES.items()
    for what, about in variables["lesson_breaks"].items()
]


@pytest.fixture
def lab(slipway, name):
    """The lab with the services that the lesson is about, which then stay."""
    if services := VARIABLES[name].get("lesson_services"):
        slipway.json("up", "--with", ",".join(services))
    return slipway


def namespaces(slipway):
    return slipway.run("kubectl", "get", "namespaces", "-o", "name").stdout.split()


@pytest.mark.parametrize("name", VARIABLES)
def test_lesson_passes_and_leaves_nothing(name, lab):
    before = namespaces(lab)
    done = lab.run("lesson", name, "--json")
    (told,) = json.loads(done.stdout)["lessons"]
    assert told["lesson"] == name
    assert told["passed"] is True, (
        told["error"],
        [one for one in told["claims"] if one["passed"] is False],
    )
    assert done.returncode == 0
    assert namespaces(lab) == before


@pytest.mark.parametrize(("name", "what", "fails", "may_fail"), BREAKS)
def test_broken_lesson_fails_on_the_right_claims(name, what, fails, may_fail, lab):
    done = lab.run("lesson", name, "--break", what, "--json")
    (told,) = json.loads(done.stdout)["lessons"]
    failed = {one["name"] for one in told["claims"] if one["passed"] is False}
    assert fails <= failed <= fails | may_fail
    assert told["passed"] is False and done.returncode == 1
    assert lab.run("status").returncode == 0
