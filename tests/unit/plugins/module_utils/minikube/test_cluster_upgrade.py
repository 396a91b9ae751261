"""Tests of ``minikube.cluster_upgrade``."""

from __future__ import annotations

from contextlib import contextmanager
from types import SimpleNamespace

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.minikube import cluster_upgrade
from ansible_collections.slipway.lab.plugins.module_utils.minikube.actions import Action, Change
from ansible_collections.slipway.lab.plugins.module_utils.minikube.cli import MinikubeError
from ansible_collections.slipway.lab.plugins.module_utils.minikube.cluster_upgrade import (
    ClusterUpgrade,
)
from support.minikube_commands import make_commands
from support.minikube_profile import desired, node, observed

CONFIG = {
    "KicBaseImage": "kicbase:1",
    "KubernetesConfig": {"KubernetesVersion": "v1.35.1"},
    "Nodes": [{"Name": "", "KubernetesVersion": "v1.35.1"}, {"Name": "m02"}],
}
CHANGE = Change("kubernetes_version", "v1.35.1", "v1.36.0")
SEEN = observed(node("m02"), node("m03", container="missing"))


class RecordedEngine:
    """An engine that records scripts by the place where they run."""

    def __init__(self):
        self.places, self.reset = [], False

    def run(self, *command):
        return SimpleNamespace(
            returncode=1 if command[0] == "exec" and self.reset else 0, stdout=""
        )

    def run_with_volume(self, image, volume, mount, *command, seconds):
        self.places.append((image, f"{volume}:{mount}"))

    def run_in(self, container, *command, seconds):
        name = next(n for n in ("of-failed", "before-upgrade", "images") if n in command[2])
        self.places.append((container, name))


class RecordedStarts:
    """Starts that fail in the given versions, once each."""

    def __init__(self, *failing):
        self.failing, self.applied = list(failing), []

    def apply(self, seen, version, left_out):
        self.applied.append((version, sorted(left_out)))
        if version in self.failing:
            self.failing.remove(version)
            raise MinikubeError(f"{version} does not start", id="K8S")


@pytest.fixture
def make(tmp_path):
    def make(*failing):
        commands = make_commands(tmp_path, desired(base_image="kicbase:2"), CONFIG)
        commands.reader.engine = RecordedEngine()
        starts = RecordedStarts(*failing)
        return ClusterUpgrade(commands, starts.apply), commands, starts

    return make


def test_every_running_node_gets_the_images_before_new_nodes_use_them(make):
    upgrade, commands, _starts = make()
    upgrade.adopt_image(Action("adopt-image", "Load"), SEEN)
    engine = commands.reader.engine
    assert engine.places == [
        ("kicbase:2", "lab:/node"),
        ("lab", "images"),
        ("kicbase:2", "lab-m02:/node"),
        ("lab-m02", "images"),
    ]
    assert commands.read_config()["KicBaseImage"] == "kicbase:2"


def test_the_control_plane_is_upgraded_alone_after_a_copy_of_etcd(make):
    upgrade, commands, starts = make()
    upgrade.upgrade_control_plane(Action("upgrade", "Upgrade", data=CHANGE), SEEN)
    assert commands.reader.engine.places == [("lab", "before-upgrade")]
    assert starts.applied == [("v1.36.0", ["m02", "m03"])]


def test_a_continued_upgrade_keeps_the_copy(make):
    upgrade, commands, _starts = make()
    kubernetes = {"KubernetesVersion": "v1.36.0"}
    commands.write_config({**CONFIG, "KubernetesConfig": kubernetes})
    upgrade.upgrade_control_plane(Action("upgrade", "Upgrade", data=CHANGE), SEEN)
    assert commands.reader.engine.places == []


def test_a_failed_upgrade_is_taken_back_with_the_current_data(make):
    upgrade, commands, starts = make("v1.36.0")
    with pytest.raises(
        MinikubeError, match=r"runs v1.35.1 again: v1.36.0 does not start"
    ) as caught:
        upgrade.upgrade_control_plane(Action("upgrade", "Upgrade", data=CHANGE), SEEN)
    assert caught.value.details == {"id": "K8S"}
    assert [version for version, _ in starts.applied] == ["v1.36.0", "v1.35.1"]
    assert commands.read_config()["Nodes"][0]["KubernetesVersion"] == "v1.35.1"
    assert commands.reader.engine.places == [("lab", "before-upgrade")]


def test_a_failed_upgrade_is_taken_back_with_the_copy_if_the_current_data_do_not_serve(make):
    upgrade, commands, _starts = make("v1.36.0", "v1.35.1")
    with pytest.raises(
        MinikubeError, match="again with the copy of its data from before the upgrade"
    ):
        upgrade.upgrade_control_plane(Action("upgrade", "Upgrade", data=CHANGE), SEEN)
    assert commands.reader.engine.places == [("lab", "before-upgrade"), ("lab", "of-failed")]


def test_deleted_data_are_restored_immediately(make):
    upgrade, commands, starts = make("v1.36.0")
    commands.reader.engine.reset = True
    with pytest.raises(MinikubeError, match="again with the copy of its data"):
        upgrade.upgrade_control_plane(Action("upgrade", "Upgrade", data=CHANGE), SEEN)
    assert commands.reader.engine.places == [("lab", "before-upgrade"), ("lab", "of-failed")]
    assert [version for version, _ in starts.applied] == ["v1.36.0", "v1.35.1"]


def test_both_failures_are_reported(make):
    upgrade, _commands, _starts = make("v1.36.0", "v1.35.1", "v1.35.1")
    with pytest.raises(
        MinikubeError, match=r"to v1.36.0 failed: .* to v1.35.1 failed too: v1.35.1"
    ):
        upgrade.upgrade_control_plane(Action("upgrade", "Upgrade", data=CHANGE), SEEN)


@pytest.fixture
def drains(monkeypatch):
    """Record the nodes that are drained and released."""
    calls = []

    @contextmanager
    def drained(api, name, seconds, report):
        calls.append(("drain", name))
        yield ["shop/lone has no controller"]
        calls.append(("release", name))

    monkeypatch.setattr(cluster_upgrade, "drained", drained)
    return calls


def test_a_worker_is_upgraded_while_it_is_drained(make, drains):
    upgrade, commands, starts = make()
    commands.reader.wait_ready = lambda *_: set()
    upgrade.upgrade_worker(Action("upgrade-node", "Upgrade", "m02"), SEEN)
    assert drains == [("drain", "lab-m02"), ("release", "lab-m02")]
    assert starts.applied == [("v1.35.1", ["m03"])]
    assert commands.warnings == [
        "shop/lone has no controller; it stayed on lab-m02 during the upgrade"
    ]


def test_a_worker_that_does_not_get_ready_stays_drained(make, drains):
    upgrade, commands, _starts = make()
    commands.reader.wait_ready = lambda started, *_: set(started)
    with pytest.raises(
        MinikubeError, match="lab-m02 did not get Ready after its upgrade to v1.35.1"
    ):
        upgrade.upgrade_worker(Action("upgrade-node", "Upgrade", "m02"), SEEN)
    assert drains == [("drain", "lab-m02")]
