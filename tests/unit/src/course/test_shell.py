"""Tests of ``slipway.course.shell``."""

import asyncio
import os
import re
import signal
import time
from pathlib import Path

import pytest

from slipway.course.shell import Shell


@pytest.fixture
def environment(tmp_path):
    """Variables of a shell whose user sets another KUBECONFIG."""
    (tmp_path / ".bashrc").write_text("PS1='> '\nexport KUBECONFIG=/production MINE=1\n")
    lesson = "export KUBECONFIG='/lab/it'\"'\"'s'"
    return {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "SLIPWAY_LESSON": lesson}


def use(environment, act):
    """Start a shell, act on it, and end it; return what the act returns."""

    async def session():
        shell = Shell(environment)
        await shell.start((24, 80))
        try:
            return await asyncio.wait_for(act(shell), 20)
        finally:
            await shell.end()
            await shell.end()  # a second time changes nothing

    return asyncio.run(session())


async def answer(shell, line, pattern):
    """Type a line; return the match of a pattern in the output."""
    shell.write(line.encode() + b"\r")
    text = ""
    while not (found := re.search(pattern, text)):
        block = await shell.read()
        assert block, text
        text += block.decode()
    return found


def is_running(pid):
    """Return whether a process runs; a zombie does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_the_lesson_wins_over_the_users_settings(environment):
    line = 'echo "is:$KUBECONFIG:$MINE:$TERM:${SLIPWAY_LESSON-none}"'
    found = use(environment, lambda shell: answer(shell, line, r"is:(/\S+)"))
    assert found[1] == "/lab/it's:1:xterm-256color:none"


def test_it_has_a_terminal_and_jobs(environment):
    use(environment, lambda shell: answer(shell, "sleep 50 & fg", r"\[1\] \d+\r\nsleep 50\r\n"))


def test_programs_learn_its_size(environment):
    async def act(shell):
        await answer(shell, "stty size", r"24 80\r")
        shell.resize((33, 111))
        await answer(shell, "stty size", r"33 111\r")

    use(environment, act)


def test_the_output_ends_with_the_shell_although_a_program_keeps_the_terminal(environment):
    async def act(shell):
        shell.write(b"trap 'echo by''e' EXIT; sleep 61 & disown; exit\r")
        text = b""
        while block := await shell.read():
            text += block
        shell.resize((1, 1))  # of a page that was resized meanwhile
        return text

    assert b"bye" in use(environment, act)


def test_everything_that_it_started_ends(environment):
    async def act(shell):
        line = (
            "setsid --fork sleep 62; trap '' HUP; sleep 63 & echo me:$$:$!:$(pgrep -nf 'sleep 62'):"
        )
        found = await answer(shell, line, r"me:(\d+):(\d+):(\d+):")
        return found.groups()

    began = time.monotonic()
    pids = use(environment, act)
    assert len(pids) == 3 and not [pid for pid in pids if is_running(pid)]
    assert time.monotonic() - began < 15


def test_nothing_stays_open_when_there_is_no_shell(environment):
    def count():
        return len(os.listdir("/proc/self/fd"))

    async def start():
        shell = Shell({**environment, "PATH": ""})
        before = count()
        with pytest.raises(OSError, match="env"):
            await shell.start((24, 80))
        return count() - before

    assert asyncio.run(start()) == 0


def test_ctrl_c_ends_a_program_also_if_the_server_ignores_it(environment):
    async def act(shell):
        shell.write(b"sleep 60\r")
        await asyncio.sleep(0.5)
        shell.write(b"\x03")
        return await answer(shell, "echo is:$((6*7))", r"is:42")

    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        assert use(environment, act)
    finally:
        signal.signal(signal.SIGINT, before)
