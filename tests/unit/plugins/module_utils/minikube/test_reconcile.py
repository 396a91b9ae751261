"""Tests of ``minikube.reconcile``."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.minikube.cli import MinikubeError
from ansible_collections.slipway.lab.plugins.module_utils.minikube.observed import Observed
from ansible_collections.slipway.lab.plugins.module_utils.minikube.reconcile import Converger
from ansible_collections.slipway.lab.plugins.module_utils.minikube.spec import Addon
from support.minikube_commands import make_commands
from support.minikube_profile import CONFIG, desired, observed


def converger(tmp_path, wanted, *readings, config=CONFIG):
    """Return a converger whose profile is read as given after each round."""
    commands = make_commands(tmp_path, wanted, {**config, "Nodes": [{"Name": ""}]}, readings)
    return Converger(commands, ""), commands


def test_a_converged_profile_is_left_alone(tmp_path):
    made, commands = converger(tmp_path, desired())
    assert made.converge(observed()).state == "started"
    assert (made.actions, commands.cli.calls) == ([], [])


def test_actions_are_carried_out_and_the_profile_is_read_again(tmp_path):
    after = observed()
    after.config["Addons"] = {"dashboard": True, "ingress": True}
    made, commands = converger(tmp_path, desired(addons={"ingress": Addon(True)}), after)
    assert made.converge(observed()) is after
    assert [action.text for action in made.actions] == ["Enable the addon ingress"]
    assert commands.cli.calls == [(("addons", "enable", "ingress"), None)]
    assert commands.cli.reports == ["Enable the addon ingress"]


def test_an_action_without_an_effect_is_an_error(tmp_path):
    made, _ = converger(tmp_path, desired(addons={"ingress": Addon(True)}), observed())
    with pytest.raises(MinikubeError, match="still needed to: Enable the addon ingress"):
        made.converge(observed())


def test_a_deleted_profile_leaves_no_directory(tmp_path):
    made, commands = converger(tmp_path, desired(state="absent"), Observed("lab"))
    made.converge(observed())
    assert not commands.reader.config_path("lab").parent.exists()
    assert commands.cli.calls == [(("delete",), None)]


def test_a_failed_unpause_is_a_warning(tmp_path):
    def fail(args):
        if args == ("unpause",):
            raise MinikubeError("nothing paused")

    made, commands = converger(tmp_path, desired(), observed())
    commands.cli.on_run = fail
    made.converge(observed(state="paused"))
    assert made.warnings == ["minikube unpause: nothing paused"]


def test_the_mode_of_the_kubeconfig_is_repaired(tmp_path):
    made, commands = converger(tmp_path, desired(), observed())
    commands.reader.kubeconfig.touch(mode=0o644)
    made.converge(observed(kubeconfig_mode=0o644))
    assert commands.reader.kubeconfig.stat().st_mode & 0o777 == 0o600
