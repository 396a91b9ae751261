"""Tests of ``minikube.profile_run``; whole runs are in tests/contract/test_minikube_module.py."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.minikube.profile_run import ProfileRun
from support.minikube_commands import make_commands
from support.minikube_profile import CONFIG, desired, observed


@pytest.fixture
def create(tmp_path):
    """Create a run whose profile is read as given."""

    def made(wanted, *readings, check_mode=False):
        commands = make_commands(tmp_path, wanted, {**CONFIG, "Nodes": [{"Name": ""}]}, readings)
        commands.reader.url = "https://10.0.0.1:8443"
        context = SimpleNamespace(
            desired=wanted, check_mode=check_mode, cli=commands.cli, engine=None,
            reader=commands.reader, cni_digest="", home=tmp_path, kubeconfig=tmp_path / "k",
            left=lambda: 60.0, progress=lambda text: None, check_programs=lambda: None,
            use_driver=lambda driver: False, commands=lambda: commands,
        )  # fmt: skip
        return ProfileRun(context), commands

    return made


def test_check_mode_predicts_without_a_command(create):
    run, commands = create(desired(state="stopped"), observed(), check_mode=True)
    result = run.run()
    assert result["changed"] and result["actions"] == ["Stop the nodes"]
    assert result["diff"]["after"]["state"] == "stopped"
    assert commands.cli.calls == []


def test_a_converged_profile_needs_no_lock(create, tmp_path):
    run, _ = create(desired(state="stopped"), observed(state="stopped", primary=None))
    run.context.reader.readings[0].nodes[0].container = "exited"
    assert not run.run()["changed"]
    assert not (tmp_path / ".lab.lock").exists()


def test_a_run_reports_its_actions(create):
    stopped = observed(state="stopped")
    stopped.nodes[0].container = "exited"
    run, commands = create(desired(state="stopped"), observed(), stopped)
    result = run.run()
    assert result["actions"] == run.done() == ["Stop the nodes"]
    assert commands.cli.calls == [(("stop",), None)]
