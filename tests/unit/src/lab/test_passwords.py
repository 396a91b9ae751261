"""Tests of ``slipway.lab.passwords``."""

import subprocess
from pathlib import Path

import pytest

from slipway.errors import UsageError
from slipway.lab.passwords import answered


@pytest.fixture
def terminal(monkeypatch):
    """A terminal on which ``secret`` is typed; the questions are returned."""
    asked = []
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("getpass.getpass", lambda prompt: asked.append(prompt) or "secret")
    return asked


@pytest.mark.parametrize(
    ("words", "rest", "flags"),
    [
        (["-K"], [], ["--become-password-file"]),
        (["--ask-become-pass", "-v"], ["-v"], ["--become-password-file"]),
        (["-bKk"], ["-b"], ["--become-password-file", "--connection-password-file"]),
        (["--ask-vault-pass"], [], ["--vault-password-file"]),
    ],
)
def test_a_question_becomes_a_file_that_ansible_can_read(terminal, words, rest, flags):
    with answered(words) as arguments:
        assert arguments[: len(rest)] == rest
        assert arguments[len(rest) :: 2] == flags
        scripts = [Path(path) for path in arguments[len(rest) + 1 :: 2]]
        for script in scripts:
            assert subprocess.run([script], capture_output=True, text=True).stdout == "secret"
            assert "secret" not in script.read_text()
            assert script.stat().st_mode & 0o077 == 0
        assert len(terminal) == len(flags)
    assert not any(script.exists() for script in scripts)


def test_without_a_question_nobody_is_asked(terminal):
    with answered(["--forks", "3", "-l", "KkJ"]) as arguments:
        assert arguments == ["--forks", "3", "-l", "KkJ"]
    assert terminal == []


def test_without_a_terminal_the_file_is_advised(monkeypatch):
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)
    with pytest.raises(UsageError) as problem, answered(["-K"]):
        pass
    assert problem.value.next_step == "use -- --become-password-file FILE"
