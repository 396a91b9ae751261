"""Playbooks and roles obey ansible-lint's strictest profile."""

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow_lint
def test_ansible_lint_is_clean():
    command = [
        "ansible-lint",
        "--offline",
        "--profile",
        "production",
        "--strict",
        "-q",
        "--nocolor",
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
