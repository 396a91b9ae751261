"""Tests of the checks in ``slipway.doctor.security``."""

import json
import os
import time

import pytest

from slipway.doctor import security
from slipway.doctor.docker_api import DockerState
from support.made_up_machine import put

SOCKETS = "  sl  local_address rem_address   st\n"
HOST = {"State": "running", "Names": ["/slipway-demo-lab1"], "Labels": {"slipway.host": "lab1"}}


def settings(machine, **content):
    put(machine, security.SETTINGS, json.dumps(content))


def listens(machine, *sockets):
    rows = (f"{row}: {socket} 00000000:0000 0A 0\n" for row, socket in enumerate(sockets))
    put(machine, "proc/net/tcp", SOCKETS + "".join(rows))


def test_nothing_is_weak_on_a_machine_without_an_engine(machine):
    findings = [check.look(machine) for check in security.CHECKS]
    assert {finding.level for finding in findings} == {"ok"}
    assert sum(finding.message.startswith("not applicable") for finding in findings) == 6


@pytest.mark.parametrize(("mode", "level"), [(0o660, "ok"), (0o666, "error"), (0o661, "error")])
def test_others_must_not_use_the_socket(machine, mode, level):
    put(machine, security.SOCKET)
    (machine.root / security.SOCKET).chmod(mode)
    assert security.socket_mode(machine).level == level


def test_members_of_the_group_docker_are_named(machine):
    put(machine, "etc/group", "root:x:0:\ndockerish:x:5:eve\ndocker:x:998:ann,bob\n")
    found = security.group_members(machine)
    assert (found.level, found.message.split(" can")[0]) == ("warning", "ann, bob")
    put(machine, "etc/group", "docker:x:998:\n")
    assert security.group_members(machine).level == "ok"


def test_the_engine_must_not_answer_without_tls(machine):
    settings(machine, hosts=["unix:///run/docker.sock", "tcp://0.0.0.0:2376"], tlsverify=True)
    assert security.plain_engine(machine).level == "ok"
    settings(machine, hosts=["tcp://0.0.0.0:2376"])
    assert "tcp://0.0.0.0:2376" in security.plain_engine(machine).message
    settings(machine)
    listens(machine, "00000000:0947")
    assert "2375" in security.plain_engine(machine).message


def test_only_root_may_change_the_settings(machine):
    settings(machine)
    path = machine.root / security.SETTINGS
    path.chmod(0o644)
    assert security.settings_mode(machine).level == "ok"
    path.chmod(0o664)
    assert security.settings_mode(machine).level == "error"


def test_registries_without_tls_and_a_missing_live_restore_are_named(machine):
    settings(machine, **{"live-restore": True, "insecure-registries": []})
    assert security.daemon_settings(machine).level == "ok"
    # The mirror of the lab, as earlier versions declared it, and another one.
    insecure = ["10.213.0.1:5081", "192.0.2.9:5000"]
    settings(machine, **{"live-restore": True, "insecure-registries": insecure})
    assert ", ".join(insecure) in security.daemon_settings(machine).message
    settings(machine, debug=True)
    assert "live-restore" in security.daemon_settings(machine).remedy
    put(machine, security.SETTINGS, "[not json")
    assert security.daemon_settings(machine).message.startswith("not applicable")


def test_exposed_credentials_are_named(machine):
    state = machine.project.state
    key = state / "registry/private/ca.key"
    key.parent.mkdir(parents=True)
    key.write_text("key")
    (state / "ssh").mkdir()
    (state / "ssh/id_ed25519.pub").write_text("public")
    key.chmod(0o644)
    state.chmod(0o700)
    assert security.secrets(machine).message == "only their owner reads 1 file with credentials"
    state.chmod(0o755)
    assert str(key) in security.secrets(machine).remedy
    key.chmod(0o600)
    assert security.secrets(machine).level == "ok"


def test_ports_of_the_lab_must_not_be_open_everywhere(machine):
    listens(machine, "0100D50A:13D8", "00000000:0016")
    assert security.open_ports(machine).level == "ok"
    listens(machine, "00000000:13D8")
    assert security.open_ports(machine).message.startswith("5080 can be reached")


def test_container_hosts_are_named_with_their_privileges(machine):
    machine.docker = DockerState(version="28", containers=[HOST, {"State": "running"}])
    assert "slipway-demo-lab1" in security.privileged(machine).message


@pytest.mark.parametrize(("days", "level"), [(2, "ok"), (40, "warning")])
def test_old_packages_of_images_are_named(machine, days, level):
    root = machine.project.cache / "artifacts/node-root/abc/root.tar"
    root.parent.mkdir(parents=True)
    root.touch()
    then = time.time() - days * 86_400 - 60
    os.utime(root, (then, then))
    found = security.packages(machine)
    assert (found.level, f"{days} days old" in found.message) == (level, True)
