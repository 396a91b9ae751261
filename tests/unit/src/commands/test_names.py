"""Tests of ``slipway.commands.names``: what a Tab key offers."""

import pytest
from click.shell_completion import ShellComplete

from slipway.cli import main


@pytest.fixture
def offered(command):
    """Return what is offered after some words."""

    def ask(*words):
        *before, last = words
        found = ShellComplete(main, {}, "slipway", "_X").get_completions(before, last)
        return [one.value for one in found]

    ask.make = command.make
    return ask


def test_labs(offered):
    offered.make("physics")
    offered.make("maths")
    assert offered("kubectl", "--lab", "") == ["maths", "physics"]
    assert offered("down", "--lab", "p") == ["physics"]


def test_lessons_and_their_breaks(offered):
    assert {"start", "check", "list", "demo", "all"} <= set(offered("lesson", ""))
    assert offered("lesson", "d") == ["demo"]
    assert offered("lesson", "demo", "") == []
    assert offered("lesson", "start", "") == ["demo"]
    assert offered("lesson", "demo", "--break", "f") == ["five"]


def test_services(offered, monkeypatch):
    monkeypatch.delenv("SLIPWAY_PROJECT")  # the real checkout
    assert "monitoring" in offered("up", "--with", "")
    assert offered("up", "--with", "monitoring,lo") == ["monitoring,logging"]
    assert offered("up", "--with", "logging,lo") == []


def test_pages(offered):
    offered.make(pages=[{"name": "App", "url": "x"}, {"name": "Logs", "url": "y"}])
    assert offered("open", "") == ["app", "logs"]


def test_layers(offered):
    assert "unit" in offered("test", "--layer", "u")


def test_tags_are_the_phases_of_the_commands_playbook(offered):
    assert offered("up", "--tags", "") == ["mirror", "hosts", "report"]
    assert offered("up", "-t", "mirror,h") == ["mirror,hosts"]
    assert offered("rebuild", "--skip-tags", "mirror,m") == []
    assert offered("down", "--tags", "") == ["down"]
