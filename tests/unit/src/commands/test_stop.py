"""Tests of ``slipway.commands.stop``; test_converge.py has the rest."""


def test_foreign_arguments_are_refused(command):
    done = command("stop", "lab1")
    assert done.exit_code == 2 and "flags of ansible-playbook go after --" in done.stderr
