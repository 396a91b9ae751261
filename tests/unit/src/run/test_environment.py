"""Tests of the environment that Ansible gets."""

from slipway.lab.project import locate
from slipway.run.playbook_runner import environment


def test_host_keys_are_checked_unless_the_user_says_otherwise(monkeypatch):
    project = locate()
    monkeypatch.delenv("ANSIBLE_HOST_KEY_CHECKING", raising=False)
    assert environment(project, "r")["ANSIBLE_HOST_KEY_CHECKING"] == "True"
    monkeypatch.setenv("ANSIBLE_HOST_KEY_CHECKING", "False")
    assert environment(project, "r")["ANSIBLE_HOST_KEY_CHECKING"] == "False"
