"""Tests of ``slipway.run.playbooks``."""

from dataclasses import replace

from slipway.lab.project import locate
from slipway.run.outcome import Options, Result
from slipway.run.playbooks import run_playbooks
from slipway.run.session import Session


def test_the_result_of_the_session_is_printed(tmp_path, monkeypatch, capsys):
    ran = []

    def run(session, playbooks, preflight):
        ran.append((session.command, playbooks, preflight))
        return Result(changed=4)

    monkeypatch.setattr(Session, "run", run)
    project = replace(locate(), state=tmp_path)
    assert run_playbooks(project, "down", ["teardown"], False, Options()) == 0
    assert ran == [("down", ["teardown"], False)]
    assert "4 changed" in capsys.readouterr().out
