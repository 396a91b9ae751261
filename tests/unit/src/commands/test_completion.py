"""Tests of ``slipway.commands.completion``."""


def test_the_script_calls_the_launcher_of_this_project(command):
    done = command("completion", "bash")
    assert done.exit_code == 0 and "tests/fixtures/project/slipway" in done.stdout
    assert command("completion", "tcsh").exit_code == 2
