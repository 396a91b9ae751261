"""Tests of ``minikube.profile_commands``."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.minikube.ports import Port
from support.minikube_commands import make_commands
from support.minikube_profile import desired

CONFIG = {"ExposedPorts": ["80:30080"], "Memory": 4096}
FIXED = [Port(30080, host_port=80)]


def test_warnings_are_kept_once(tmp_path):
    commands = make_commands(tmp_path, desired())
    commands.cli.warnings = ["slow disk"]
    commands.run("start")
    commands.run("stop")
    assert commands.warnings == ["slow disk"]
    assert [args for args, _ in commands.cli.calls] == [("start",), ("stop",)]


def test_fixed_ports_are_removed_for_the_next_node(tmp_path):
    commands = make_commands(tmp_path, desired(ports=FIXED), CONFIG)
    commands.forget_ports()
    assert commands.read_config() == {"ExposedPorts": [], "Memory": 4096}


def test_other_ports_stay(tmp_path):
    commands = make_commands(tmp_path, desired(ports=[Port(30080)]), CONFIG)
    commands.forget_ports()
    assert commands.read_config() == CONFIG


def test_machines_are_deleted(tmp_path):
    commands = make_commands(tmp_path, desired())
    folder = commands.reader.machine_path("lab-m02")
    folder.mkdir(parents=True)
    commands.remove_machines(["lab-m02", "absent"])
    assert not folder.exists()
