"""Tests of ``slipway.commands.sbom``."""

import json

from click.testing import CliRunner

from slipway.commands import sbom


def test_the_playbook_gets_the_file(monkeypatch, tmp_path):
    calls = []
    monkeypatch.setattr(sbom, "converge", lambda *arguments: calls.append(arguments) or 0)
    monkeypatch.chdir(tmp_path)
    assert CliRunner().invoke(sbom.sbom, ["a.json"]).exit_code == 0
    ((command, playbooks, preflight, choice, _),) = calls
    assert (command, playbooks, preflight) == ("sbom", ("sbom",), False)
    assert json.loads(choice.extra_vars[-1]) == {"sbom_file": str(tmp_path / "a.json")}
