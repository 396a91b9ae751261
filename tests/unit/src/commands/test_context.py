"""Tests of ``slipway.commands.context``."""

import json

import pytest


@pytest.fixture
def played(monkeypatch):
    """The variables that the playbook would get."""
    runs = []
    monkeypatch.setattr(
        "slipway.commands.converge.converge",
        lambda command, playbooks, preflight, choice, given: (
            runs.append((playbooks, json.loads(choice.extra_vars[-1]), given["check"])) or 0
        ),
    )
    return runs


def test_a_context_is_added(command, played):
    command.make()
    assert command("context", "add", "--use", "--name", "a", "--check").exit_code == 0
    wanted = {"context_use": True, "context_name": "a", "context_kubeconfig": ""}
    assert played == [(("context",), wanted, True)]


def test_a_context_is_removed_even_without_a_lab(command, played):
    assert command("context", "add").exit_code == 4
    assert command("context", "remove", "--kubeconfig", "f").exit_code == 0
    wanted = {"context_state": "absent", "context_name": "", "context_kubeconfig": "f"}
    assert played == [(("context",), wanted, False)]
