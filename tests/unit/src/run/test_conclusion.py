"""Tests of ``slipway.run.conclusion``."""

import json
from dataclasses import replace

import pytest

from slipway.exit_codes import ExitCode
from slipway.lab.failures import Explanation
from slipway.lab.project import locate
from slipway.launcher import CommandLine
from slipway.run.conclusion import conclude
from slipway.run.outcome import Options, Result
from support.displayed_run import make_console, text_of


@pytest.fixture
def concluded(tmp_path, capsys):
    """Print a result; return the exit code, the standard output and the errors."""
    project = replace(locate(), state=tmp_path)

    def run(result, command="up", ready=None, **options):
        if ready is not None:
            project.report.write_text(json.dumps({"ready": ready}))
        console = make_console(width=100)
        console.quiet = True
        options = Options(lines=CommandLine(launcher="./slipway"), **options)
        code = conclude(project, command, options, result, console)
        return code, capsys.readouterr().out, text_of(console)

    return run


def test_a_ready_lab(concluded):
    code, out, err = concluded(Result(seconds=61, changed=3), ready=True)
    assert code == ExitCode.OK
    assert "done in 1:01, 3 changed" in out
    assert err == ""


@pytest.mark.parametrize(("arguments", "expected"), [([], 1), (["--tags", "docker"], 0)])
def test_a_whole_run_must_end_with_a_ready_lab(concluded, arguments, expected):
    code, out, _ = concluded(Result(), ready=False, arguments=arguments)
    assert code == expected
    assert "reported no ready lab" in out


def test_a_failure_names_the_next_step(concluded, tmp_path):
    failure = Explanation("hosts", "lab1", "T", "x.yml:1", "no", "retry")
    result = Result(code=ExitCode.FAILED, failures=[failure], log=tmp_path / "x.log")
    code, out, err = concluded(result)
    assert (code, out) == (ExitCode.FAILED, "")
    assert "./slipway up   continues from here" in err
    assert "playbooks/site.yml\n" in err


def test_a_failure_before_the_first_task_shows_ansibles_error(concluded, tmp_path):
    (tmp_path / "x.log").write_text("x\n[ERROR]: unknown flag\n")
    _, _, err = concluded(Result(code=ExitCode.FAILED, log=tmp_path / "x.log"))
    assert "failed before the first task" in err
    assert "[ERROR]: unknown flag" in err


def test_a_machine_that_cannot_run_a_lab(concluded):
    assert "nothing was changed" in concluded(Result(code=ExitCode.UNFIT))[2]


def test_an_interrupted_run_can_be_continued(concluded):
    assert "./slipway up continues" in concluded(Result(code=ExitCode.INTERRUPTED))[2]


def test_json_is_all_of_the_output(concluded):
    _, out, _ = concluded(Result(), ready=True, as_json=True)
    assert json.loads(out)["ready"] is True


def test_a_removed_lab(concluded):
    assert "removed in 0 s, 0 changed" in concluded(Result(), command="down")[1]


def test_a_stopped_lab(concluded):
    assert "stopped in 0 s, 2 changed" in concluded(Result(changed=2), command="stop")[1]


def test_check_mode_reports_what_would_change(concluded):
    assert "2 would change" in concluded(Result(changed=2), check=True)[1]
