"""Tests of ``slipway.commands.snapshot``."""

import json

import pytest

from support.engine_fake import container, engine


class Runs(list):
    """The runs, and the exit code of all."""

    code = 0


@pytest.fixture
def played(monkeypatch):
    """The playbooks and variables of the runs."""
    runs = Runs()

    def converge(command, playbooks, preflight, choice, given, *_):
        variables = json.loads(choice.extra_vars[-1]) if choice.extra_vars else {}
        runs.append((command, playbooks, choice, variables))
        return runs.code

    for place in ("converge", "snapshot"):
        monkeypatch.setattr(f"slipway.commands.{place}.converge", converge)
    return runs


def test_a_lab_is_saved(command, played, saved):
    command.make()
    assert command("snapshot", "save", "other", "--stopped").exit_code == 0
    ((name, playbooks, _, variables),) = played
    assert (name, playbooks) == ("snapshot", ("snapshot_save",))
    assert variables == {"snapshot_name": "other", "snapshot_stopped": True}


@pytest.mark.parametrize(
    ("name", "code", "text"),
    [
        ("clean", 1, "exists already"),
        ("../x", 2, "not a valid name"),
        ("a/b", 2, "not a valid name"),
    ],
)
def test_a_name_that_cannot_be_saved_is_refused_before_a_run(
    command, played, saved, name, code, text
):
    command.make()
    done = command("snapshot", "save", name)
    assert (done.exit_code, played) == (code, []) and text in done.stderr


@pytest.mark.parametrize(("flags", "state", "started"), [
    ((), "running", True), (("--stopped",), "running", False), (("--check",), "running", False), ((), "exited", False),
])  # fmt: skip
def test_an_interrupted_save_starts_the_lab_that_ran(command, played, saved, flags, state, started):
    command.make()
    played.code = 130
    answers = {
        "/containers/json": [container("c", "fixture", state)],
        "/networks": [],
        "/volumes": {},
    }
    with engine(command.engine, answers):
        assert command("snapshot", "save", "other", *flags).exit_code == 130
    assert [run[1] for run in played] == [("snapshot_save",), ("start",)][: 1 + started]


def test_a_lab_that_is_not_up_is_not_saved(command, played, saved):
    assert command("snapshot", "save", "other").exit_code == 4
    assert played == []


def test_a_snapshot_is_restored_with_its_lab_and_inventories(command, played, saved):
    assert command("snapshot", "restore", "clean", "--force").exit_code == 0
    ((_, playbooks, choice, variables),) = played
    assert (playbooks, choice.lab, choice.inventories) == (("snapshot_restore",), "two", ("/inv",))
    assert variables == {"snapshot_name": "clean", "snapshot_force": True}
    assert command("snapshot", "restore", "clean", "--as", "three").exit_code == 0
    assert played.pop()[2].lab == "three"
    assert command("snapshot", "restore", "clean", "-i", "/mine").exit_code == 0
    assert played[1][2].inventories == ("/mine",)


@pytest.mark.parametrize(
    ("words", "code", "text"),
    [(("none",), 1, "there is no snapshot none"), (("clean", "--lab", "one"), 2, 'of the lab "two"'),
     (("clean", "--as", "../x"), 2, "not a valid lab name"),
     (("/tmp",), 2, "not a valid name")],
)  # fmt: skip
def test_a_restore_that_cannot_be_is_refused_before_a_run(
    command, played, saved, words, code, text
):
    done = command("snapshot", "restore", *words, "--json")
    assert (done.exit_code, played) == (code, []) and text in done.stderr
    assert json.loads(done.stdout)["ok"] is False
