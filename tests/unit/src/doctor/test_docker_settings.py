"""Tests of ``slipway.doctor.docker_settings``."""

import pytest

from slipway.doctor.docker_settings import read_settings, settings_problem
from support.made_up_machine import put, tool

FILE = "etc/docker/daemon.json"


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ('{"data-root": "/srv"}', {"data-root": "/srv"}),
        ('\ufeff{"data-root": "/srv"}', {"data-root": "/srv"}),
        ("", {}),
        ("[]", {}),
        ('{"debug": true, // a comment\n}', {}),
    ],
)
def test_settings_are_read_as_the_daemon_reads_them(machine, text, content):
    put(machine, FILE, text)
    assert read_settings(machine) == content


def test_missing_and_valid_settings_are_no_problem(machine):
    assert settings_problem(machine) == ""
    put(machine, FILE, "\ufeff{}")
    assert settings_problem(machine) == ""


def test_settings_that_are_not_json_are_a_problem(machine):
    put(machine, FILE, '{"debug": true, // a comment\n}')
    assert "not valid JSON" in settings_problem(machine)


def test_the_daemon_itself_judges_the_settings(machine):
    put(machine, FILE, '{"hosts": ["fd://"]}')
    refusal = "echo --validate; [ $1 = --help ] || { echo 'conflict: hosts' >&2; exit 1; }"
    tool(machine, "dockerd", refusal)
    for name in ("grep", "sed", "systemctl"):
        tool(machine, name, "cat" if name == "sed" else "exit 0")
    assert settings_problem(machine) == "conflict: hosts"
