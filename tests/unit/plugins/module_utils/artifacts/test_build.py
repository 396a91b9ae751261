"""Commands of artifacts: output, environment, failure, end."""

import os

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.artifacts.artifact import ArtifactError
from ansible_collections.slipway.lab.plugins.module_utils.artifacts.build import run_command


@pytest.fixture
def run(tmp_path):
    reports = []

    def runner(script, **environment):
        run_command(
            "a",
            ["sh", "-euc", script],
            tmp_path,
            environment,
            tmp_path / "build.log",
            lambda name, text: reports.append((name, text)),
        )
        return reports

    return runner


def test_output_is_kept_and_reported_by_line(run, tmp_path):
    assert run("echo one; echo two >&2") == [("a", "one (1)"), ("a", "two (2)")]
    assert (tmp_path / "build.log").read_text() == "one\ntwo\n"


def test_runs_in_its_directory_with_its_variables_added(run, tmp_path):
    run('pwd; echo "$GOFLAGS $PATH"', GOFLAGS="-mod=readonly")
    lines = (tmp_path / "build.log").read_text().splitlines()
    assert lines == [str(tmp_path), f"-mod=readonly {os.environ['PATH']}"]


def test_a_failure_has_the_last_lines_and_the_log(run, tmp_path):
    with pytest.raises(ArtifactError) as error:
        run("seq 100; exit 3")
    text = str(error.value)
    assert text.startswith(f"a: sh ended with 3; see {tmp_path}/build.log\n86\n")
    assert text.endswith("\n100")


def test_a_failure_keeps_its_reason_among_the_packages_of_a_build(run):
    with pytest.raises(ArtifactError) as error:
        run("echo a.go:1: undefined: b; seq -f example.org/x/p%g 100; exit 1")
    assert str(error.value).endswith("\na.go:1: undefined: b")


def test_a_full_disk_is_named(run):
    with pytest.raises(ArtifactError, match="the disk is full, free some space"):
        run("echo No space left on device; exit 1")


def test_a_program_that_is_not_installed_is_an_os_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        run_command("a", ["no-such-program"], tmp_path, {}, tmp_path / "log", print)
