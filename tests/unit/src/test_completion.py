"""Tests of ``slipway.completion``."""

import subprocess

import pytest

from slipway.cli import main
from slipway.completion import source


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_calls_the_launcher_by_its_path(shell):
    script = source(shell, main, "/opt/my lab/slipway")
    assert "'/opt/my lab/slipway'" in script
    assert "$+commands[slipway]" not in script


def test_bash_completes_for_a_path(tmp_path):
    launcher = tmp_path / "slipway"
    launcher.write_text('#!/bin/sh\nprintf "plain,%s\\n" "$COMP_CWORD"\n')
    launcher.chmod(0o755)
    script = source("bash", main, str(launcher))
    ask = 'COMP_WORDS=(./slipway ""); COMP_CWORD=1; _slipway_completion; echo "${COMPREPLY[@]}"'
    done = subprocess.run(["bash", "-c", f"{script}\n{ask}"], capture_output=True, text=True)
    assert done.stdout == "1\n", done.stderr
