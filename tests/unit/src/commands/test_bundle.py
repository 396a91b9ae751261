"""Tests of ``slipway.commands.bundle``."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from slipway.commands import bundle


@pytest.fixture
def converged(monkeypatch):
    """Arguments of the run that ``save`` starts."""
    calls = []
    monkeypatch.setattr(bundle, "converge", lambda *arguments: calls.append(arguments) or 0)
    return calls


def test_save_runs_the_playbook_with_the_file_and_the_sets(converged, tmp_path):
    file = tmp_path / "lab.bundle"
    words = ["save", str(file), "--lessons", "--with", "monitoring"]
    assert CliRunner().invoke(bundle.bundle, words).exit_code == 0
    ((command, playbooks, preflight, choice, _, result_file),) = converged
    assert (command, playbooks, preflight) == ("bundle", ("bundle",), False)
    assert result_file == "bundle/result.json"
    given = [json.loads(one) for one in choice.extra_vars]
    assert {"bundle_file": str(file), "bundle_lessons": True} in given
    assert {"slipway_services": ["monitoring"]} in given


def test_load_reads_the_file(monkeypatch, tmp_path):
    calls = []
    monkeypatch.setattr(bundle, "run", lambda *arguments: calls.append(arguments))
    words = ["load", str(tmp_path / "lab.bundle"), "--sha256", "abc", "--json"]
    assert CliRunner().invoke(bundle.bundle, words).exit_code == 0
    assert calls == [(tmp_path / "lab.bundle", "", "abc", True)]
