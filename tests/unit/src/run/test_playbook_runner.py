"""Tests of ``slipway.run.playbook_runner``."""

from slipway.lab.project import locate
from slipway.run.playbook_runner import end_run, playbook_line, sockets


def test_connections_that_ssh_keeps_open_end_with_their_run(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    asked = tmp_path / "asked"
    fake = tmp_path / "bin/ssh"
    fake.parent.mkdir()
    fake.write_text(f'#!/bin/sh\necho "$@" >{asked}\n')
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", str(fake.parent), prepend=":")
    sockets("run-of-a-test").mkdir()
    (sockets("run-of-a-test") / "abc").touch()
    assert end_run("run-of-a-test") == 0
    assert asked.read_text() == f"-S {sockets('run-of-a-test')}/abc -O exit any\n"
    assert not sockets("run-of-a-test").exists()


def test_the_line_of_the_playbook_is_a_shell_command():
    line = playbook_line(locate(), "site", ["-e", "x=1 2"])
    assert line.startswith("ansible-playbook -i ")
    assert line.endswith("-e 'x=1 2' playbooks/site.yml")
