"""Tests of ``minikube.node_changes``."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.minikube.actions import Action
from ansible_collections.slipway.lab.plugins.module_utils.minikube.node_changes import NodeChanges
from support.minikube_commands import make_commands
from support.minikube_profile import desired, node, observed

CONFIG = {"Memory": 4096, "Nodes": [{"Name": ""}, {"Name": "m02"}]}


@pytest.fixture
def commands(tmp_path):
    made = make_commands(tmp_path, desired(), CONFIG)
    made.reader.machine_path("lab-m02").mkdir(parents=True)
    return made


@pytest.fixture
def changes(commands):
    return NodeChanges(commands)


SEEN = observed(node("m02"))


def test_a_new_node_gets_the_memory_of_the_first(changes, commands):
    changes.add(Action("add-node", "Add"), SEEN)
    assert commands.cli.calls == [(("node", "add"), {"MINIKUBE_MEMORY": "4096mb"})]


def test_a_broken_node_is_wiped_before_it_is_started(changes, commands):
    changes.rebuild(Action("rebuild-node", "Recreate", "m02"), SEEN)
    assert commands.reader.deleted == ["lab-m02"]
    assert not commands.reader.machine_path("lab-m02").exists()
    assert commands.cli.calls == [(("node", "start", "m02"), None)]


class RecordedEngine:
    """A container engine whose nodes have joined a cluster or have not."""

    def __init__(self, joined):
        self.joined, self.removed = joined, []

    def has_files(self, container, paths):
        return self.joined

    def remove(self, containers, volumes, networks=()):
        self.removed.append((containers, volumes))


REJOIN = Action("rejoin-node", "Register", "m02")


def test_an_unregistered_node_registers_after_its_restart(changes, commands):
    engine = commands.reader.engine = RecordedEngine(joined=True)
    commands.reader.wait_ready = lambda *_: set()
    changes.rejoin(REJOIN, SEEN)
    assert engine.removed == []
    assert commands.cli.calls == [(("node", "stop", "m02"), None), (("node", "start", "m02"), None)]


@pytest.mark.parametrize("joined", [True, False])
def test_a_rebuilt_node_keeps_its_volume(changes, commands, joined):
    engine = commands.reader.engine = RecordedEngine(joined)
    commands.reader.wait_ready = lambda started, *_: set(started)
    changes.rejoin(REJOIN, SEEN)
    assert len(commands.cli.calls) == (3 if joined else 1)
    assert engine.removed == [(["lab-m02"], [])]
    assert commands.cli.calls[-1] == (("node", "start", "m02"), None)


def test_a_removed_broken_node_loses_its_volume(changes, commands):
    engine = commands.reader.engine = RecordedEngine(joined=False)
    changes.remove(Action("remove-node", "Remove", "m02", True), SEEN)
    assert engine.removed == [(["lab-m02"], ["lab-m02"])]


def test_a_healthy_node_is_removed_by_minikube(changes, commands):
    changes.remove(Action("remove-node", "Remove", "m02", False), SEEN)
    assert commands.cli.calls == [(("node", "delete", "m02"), None)]
    assert commands.reader.machine_path("lab-m02").exists()


def test_a_broken_node_is_removed_without_minikube(changes, commands):
    commands.reader.api_error = "no answer"
    changes.remove(Action("remove-node", "Remove", "m02", True), SEEN)
    assert commands.cli.calls == []
    assert commands.read_config()["Nodes"] == [{"Name": ""}]
    assert commands.warnings == ["the Node object lab-m02 could not be deleted: no answer"]


def test_labels_are_patched_by_the_api(changes, commands):
    changes.patch(Action("patch-node", "Set", "lab-m02", {"metadata": {}}), SEEN)
    assert commands.reader.patched == [("lab-m02", {"metadata": {}})]


def test_a_stopped_node_is_started(changes, commands):
    changes.start(Action("start-node", "Start", "m02"), SEEN)
    assert commands.cli.calls == [(("node", "start", "m02"), None)]
