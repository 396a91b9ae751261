"""Tests of ``slipway.lab.phase_plan``."""

from pathlib import Path

import pytest

from slipway.lab.phase_plan import Selection, read_phases
from slipway.lab.phases import visible

ROOT = Path(__file__).resolve().parents[4]
FIXTURE = ROOT / "tests/fixtures/project/playbooks"
SITE = ROOT / "playbooks/site.yml"
TEARDOWN = ROOT / "playbooks/teardown.yml"


def ids(playbook, arguments=(), **variables):
    return [
        phase.id for phase in visible(read_phases(playbook, Selection.of(arguments, variables)))
    ]


def test_plays_with_one_tag_are_one_phase():
    phases = [phase for phase in read_phases(FIXTURE / "site.yml") if phase.plays]
    assert [(phase.id, phase.title) for phase in phases] == [
        ("mirror", "Build artifacts"),
        ("hosts", "Start the hosts"),
        ("report", "Report"),
    ]


def test_imported_playbooks_and_plays_without_tags(tmp_path):
    (tmp_path / "outer.yml").write_text(
        "- import_playbook: inner.yml\n- name: Last One\n  hosts: all\n"
    )
    (tmp_path / "inner.yml").write_text(
        "- name: Inner\n  hosts: all\n  tags: a,b\n  vars: {x: !vault secret}\n"
    )
    assert ids(tmp_path / "outer.yml") == ["a", "last-one"]


def test_a_play_without_tags_belongs_to_the_phases_of_its_tasks():
    phases = {phase.id: phase for phase in read_phases(SITE)}
    assert "Install Docker on the hosts" in phases["docker"].plays
    assert "Install Docker on the hosts" in phases["mirror"].plays


@pytest.mark.parametrize("content", [None, "- name: [\n"])
def test_a_playbook_that_cannot_be_read_has_no_phases(tmp_path, content):
    path = tmp_path / "x.yml"
    if content:
        path.write_text(content)
    assert read_phases(path) == []


def test_phases_of_the_other_engine_are_not_listed():
    assert ids(SITE, slipway_services=[], slipway_engine="kubeadm") == [
        "control", "mirror", "artifacts", "hosts", "kubernetes", "app", "report",
    ]  # fmt: skip
    assert "kubernetes" not in ids(TEARDOWN, slipway_engine="minikube")
    assert ids(SITE, slipway_engine="existing") == ["control", "app", "report"]
    assert ids(TEARDOWN, slipway_engine="existing") == ["app", "state"]


def test_phases_of_services_are_listed_only_with_the_services():
    plain = ids(SITE, slipway_services=[], slipway_engine="minikube")
    assert plain == [
        "control", "mirror", "artifacts", "hosts", "docker", "minikube", "app", "report",
    ]  # fmt: skip
    assert {"logging", "registry", "pages"} < set(ids(SITE, slipway_services=["logging"]))
    assert "monitoring" not in ids(SITE, slipway_services=["logging"])
    assert "monitoring" in ids(SITE, slipway_services=["metrics_server"])


@pytest.mark.parametrize("arguments", [["--tags", "app"], ["--tags=app"], ["-t", "app"], ["-tapp"]])
def test_phases_without_a_chosen_tag_are_not_listed(arguments):
    assert ids(SITE, arguments) == ["control", "mirror", "artifacts", "app"]  # control: `always`


def test_skipped_tags_are_not_listed():
    assert "hosts" not in ids(SITE, ["--skip-tags", "hosts,app"])
    assert "docker" in ids(SITE, ["--skip-tags", "hosts,app"])


@pytest.mark.parametrize("condition", ["other", "x |", "x > []", "true"])
def test_a_condition_that_is_not_known_can_hold(condition):
    assert Selection.of([], {"x": 1}).includes(set(), [condition])


def test_a_condition_of_known_variables_decides():
    assert not Selection.of([], {"x": 1}).includes(set(), ["x > 1"])
    assert not Selection.of([], {"x": 1}).includes(set(), ["other", "x > 1"])
