"""Tests of ``slipway.run.failure_report``."""

from dataclasses import replace

import pytest

from slipway.exit_codes import ExitCode
from slipway.lab.failures import Explanation
from slipway.lab.project import locate
from slipway.launcher import CommandLine
from slipway.run.failure_report import print_failures
from slipway.run.outcome import Options, Result
from support.displayed_run import make_console, text_of


@pytest.fixture
def printed(tmp_path):
    def run(result):
        console = make_console(width=100)
        project = replace(locate(), state=tmp_path)
        print_failures(
            project, "up", Options(lines=CommandLine(launcher="./slipway")), result, console
        )
        return text_of(console)

    return run


def test_each_failure_has_a_next_step_and_a_line_of_ansible(printed, tmp_path):
    failure = Explanation("hosts", "lab1", "T", "x.yml:1", "no", "retry")
    text = printed(Result(code=ExitCode.FAILED, failures=[failure], log=tmp_path / "x.log"))
    for words in ("failed in hosts", "retry", "./slipway up   continues from here",
                  "ansible-playbook -i", "playbooks/site.yml\n", "x.log"):  # fmt: skip
        assert words in text


def test_a_failure_before_the_first_task_shows_ansibles_error(printed, tmp_path):
    (tmp_path / "x.log").write_text("x\n[ERROR]: unknown flag\n")
    text = printed(Result(code=ExitCode.FAILED, log=tmp_path / "x.log"))
    assert "failed before the first task" in text
    assert "[ERROR]: unknown flag" in text


def test_other_ends(printed):
    assert "nothing was changed" in printed(Result(code=ExitCode.UNFIT))
    assert "./slipway up continues" in printed(Result(code=ExitCode.INTERRUPTED))


def test_the_line_of_ansible_names_the_playbook_that_failed(printed, tmp_path):
    failure = Explanation("down", "lab1", "T", "x.yml:1", "no", "retry")
    failed = Result("teardown", code=ExitCode.FAILED, failures=[failure], log=tmp_path / "x.log")
    assert "playbooks/teardown.yml\n" in printed(failed)
