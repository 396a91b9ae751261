"""Tests of ``minikube.cluster_start``."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.minikube.actions import Action
from ansible_collections.slipway.lab.plugins.module_utils.minikube.cluster_start import ClusterStart
from ansible_collections.slipway.lab.plugins.module_utils.minikube.node_changes import NodeChanges
from ansible_collections.slipway.lab.plugins.module_utils.minikube.ports import Port
from support.minikube_commands import make_commands
from support.minikube_profile import CONFIG, desired, node, observed

NODES = [{"Name": ""}, {"Name": "m02"}]


@pytest.fixture
def create(tmp_path):
    def made(wanted):
        commands = make_commands(tmp_path, wanted, {**CONFIG, "Nodes": NODES})
        return ClusterStart(commands, NodeChanges(commands)), commands

    return made


def test_a_cluster_is_created_with_all_nodes(create):
    starts, commands = create(desired(nodes=3))
    starts.create(Action("create", "Create"), observed())
    ((args, _),) = commands.cli.calls
    assert args[0] == "start" and "--nodes=3" in args


def test_fixed_ports_belong_to_the_control_plane_only(create):
    starts, commands = create(desired(nodes=3, ports=[Port(30080, host_port=65001)]))
    starts.create(Action("create", "Create"), observed())
    first, *others = [args for args, _ in commands.cli.calls]
    assert {"--nodes=1", "--cni=kindnet", "--ports=65001:30080"} < set(first)
    assert others == [("node", "add"), ("node", "add")]


@pytest.mark.parametrize("fails", [False, True])
def test_a_start_leaves_lost_workers_out_and_restores_them(create, fails):
    starts, commands = create(desired())
    names = []

    def run(args):
        names.append([entry["Name"] for entry in commands.read_config()["Nodes"]])
        if fails:
            raise OSError("killed")

    commands.cli.on_run = run
    seen = observed(node("m02", container="missing"), state="stopped")
    action = Action("start", "Start", data={"without": ["m02"]})
    if fails:
        with pytest.raises(OSError, match="killed"):
            starts.start(action, seen)
    else:
        starts.start(action, seen)
    assert names == [[""]]
    assert [entry["Name"] for entry in commands.read_config()["Nodes"]] == ["", "m02"]


def test_a_control_plane_without_static_pods_is_recreated(create):
    starts, commands = create(desired())
    removed = []

    class Engine:
        def has_files(self, name, paths):
            return False

        def run_with_volume(self, *arguments):
            removed.append(arguments)

    commands.reader.engine = Engine()
    starts.start(Action("start", "Start"), observed(state="stopped"))
    guard, removal = removed
    assert guard[:3] == ("kicbase:1", "lab", "/node")
    assert removal == ("kicbase:1", "lab", "/var", "rm", "-f", "/var/tmp/minikube/kubeadm.yaml")
