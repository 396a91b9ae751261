"""Tests of ``slipway.commands.etcd``."""

import json

import pytest


@pytest.fixture
def played(monkeypatch):
    """The playbooks and variables of the runs."""
    runs = []

    def converge(command, playbooks, preflight, choice, given, result_file):
        variables = json.loads(choice.extra_vars[-1]) if choice.extra_vars else {}
        runs.append((command, playbooks, variables, result_file))
        return 0

    monkeypatch.setattr("slipway.commands.etcd.converge", converge)
    return runs


def test_etcd_is_saved(command, played):
    command.make()
    assert command("etcd", "save").exit_code == 0
    assert played == [("etcd", ("etcd_snapshot",), {}, "etcd.json")]


@pytest.mark.parametrize(("flags", "working"), [((), False), (("--working",), True)])
def test_etcd_is_restored_from_a_file(command, played, tmp_path, flags, working):
    command.make()
    file = tmp_path / "etcd.tar"
    file.touch()
    assert command("etcd", "restore", str(file), *flags).exit_code == 0
    ((name, playbooks, variables, _),) = played
    assert (name, playbooks) == ("etcd", ("etcd_restore",))
    assert variables == {"etcd_snapshot": str(file), "etcd_restore_working": working}


def test_a_missing_file_is_refused_before_a_run(command, played, tmp_path):
    command.make()
    done = command("etcd", "restore", str(tmp_path / "none.tar"))
    assert (done.exit_code, played) == (2, []) and "does not exist" in done.stderr
