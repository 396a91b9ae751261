"""Tests of the output of minikube, the lock of a profile, and its files."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
import time
from datetime import UTC, datetime, timedelta

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.minikube.cli import (
    MinikubeCli,
    MinikubeError,
    parse_line,
)
from ansible_collections.slipway.lab.plugins.module_utils.minikube.diagnosis import (
    KLOG_ERROR,
    sentence,
)
from ansible_collections.slipway.lab.plugins.module_utils.minikube.engine import published_ports
from ansible_collections.slipway.lab.plugins.module_utils.minikube.lock import (
    LockedError,
    profile_lock,
)
from ansible_collections.slipway.lab.plugins.module_utils.minikube.node_api import (
    has_written,
    is_fresh,
)
from ansible_collections.slipway.lab.plugins.module_utils.minikube.status import (
    Reader,
    minikube_home,
    start_time,
)


@pytest.fixture
def fake(tmp_path):
    """A function that makes a minikube out of a few lines of Python."""

    def make(body: str, report=lambda message, step, total: None) -> MinikubeCli:
        path = tmp_path / "minikube"
        header = "import json, sys, time\ndef say(kind, **data):\n"
        header += '    print(json.dumps({"type": "io.k8s.sigs.minikube." + kind, "data": data}), flush=True)\n'
        path.write_text(f"#!{sys.executable}\n{header}{textwrap.dedent(body)}")
        path.chmod(0o755)
        return MinikubeCli(str(path), "lab", {}, report)

    return make


def test_events_are_read():
    event = parse_line(
        '{"type":"io.k8s.sigs.minikube.step","data":{"message":"m","currentstep":"3"}}'
    )
    assert (event.kind, event.message, event.data["currentstep"]) == ("step", "m", "3")
    assert parse_line("* Adding node m02\n").message == "Adding node m02"
    assert parse_line("{broken").kind == "text"
    assert parse_line("  \n") is None


def test_progress_has_steps(fake):
    told = []
    cli = fake(
        'say("step", message="Booting", currentstep="11", totalsteps="19")',
        lambda *a: told.append(a),
    )
    assert cli.run("start").rc == 0
    assert told == [("Booting", 11, 19)]


def test_the_error_with_the_exit_code_is_the_reason(fake):
    cli = fake(
        """
        say("step", message="Creating")
        say("warning", message="slow disk")
        say("error", message="no memory", exitcode="23", name="RSRC", advice="Add some", url="https://x", issues="a,b")
        say("error", message="a remark")
        sys.exit(23)
        """
    )
    with pytest.raises(MinikubeError, match="no memory") as caught:
        cli.run("start")
    details = caught.value.details
    assert (details["id"], details["advice"], details["exitcode"]) == ("RSRC", "Add some", 23)
    assert details["issues"] == ["a", "b"] and details["warnings"] == ["slow disk"]
    assert details["last_step"] == "Creating"


def test_the_reason_in_text_is_found_too(fake):
    cli = fake(
        """
        print("X Exiting due to GUEST_NODE_ADD: failed to add node: no room", file=sys.stderr)
        print("* Suggestion: Make room", file=sys.stderr)
        sys.exit(80)
        """
    )
    with pytest.raises(MinikubeError, match="failed to add node: no room") as caught:
        cli.run("node", "add")
    assert (caught.value.details["id"], caught.value.details["advice"]) == (
        "GUEST_NODE_ADD",
        "Make room",
    )


def test_without_a_reason_the_last_lines_are_shown(fake):
    with pytest.raises(MinikubeError, match="panic: boom"):
        fake('sys.exit("panic: boom")').run("start")


def test_a_command_that_hangs_is_ended_with_its_last_step(fake):
    cli = fake('say("step", message="Preparing")\ntime.sleep(60)')
    started = time.monotonic()
    with pytest.raises(MinikubeError, match="in time; the last step was: Preparing") as caught:
        cli.run("start", timeout=1)
    assert caught.value.details["id"] == "TIMEOUT" and time.monotonic() - started < 30


def test_the_lock_lives_as_long_as_an_orphan(fake, tmp_path):
    lock = tmp_path / "home" / ".lab.lock"
    with profile_lock(lock, 1, lambda text: None) as descriptor:
        orphan = subprocess.Popen(
            [sys.executable, "-c", "input()"], stdin=subprocess.PIPE, pass_fds=(descriptor,)
        )
    told = []
    try:
        with (
            pytest.raises(LockedError, match=f"process {os.getpid()}"),
            profile_lock(lock, 0, told.append),
        ):
            pytest.fail("the orphan has the lock")
    finally:
        orphan.communicate(b"\n")
    with profile_lock(lock, 1, lambda text: None):
        pass


def test_a_configuration_is_found_under_the_name_that_a_kill_leaves(tmp_path):
    reader = Reader(tmp_path, None, None, tmp_path / "kubeconfig")
    path = reader.config_path("lab")
    path.parent.mkdir(parents=True)
    good = {"Driver": "docker", "Nodes": [{"Name": "", "ControlPlane": True}]}
    path.with_name("config.json.tmp42").write_text(json.dumps(good))
    seen = reader.read("lab")
    assert seen.config == good and "config.json.tmp42" in seen.config_problem
    path.write_text(json.dumps({**good, "CPUs": 2}))
    assert reader.read("lab").config_problem == ""


def test_home_is_found_as_minikube_finds_it(monkeypatch, tmp_path):
    monkeypatch.setenv("MINIKUBE_HOME", str(tmp_path))
    assert minikube_home(None, {}) == tmp_path / ".minikube"
    assert minikube_home(str(tmp_path / "x" / ".minikube"), {}) == tmp_path / "x" / ".minikube"
    assert minikube_home(None, {"MINIKUBE_HOME": "/srv"}).as_posix() == "/srv/.minikube"


def test_published_ports_without_those_of_minikube():
    bindings = {
        "22/tcp": [{"HostIp": "127.0.0.1", "HostPort": "0"}],
        "8443/tcp": [
            {"HostIp": "10.0.0.1", "HostPort": "8443"},
            {"HostIp": "127.0.0.1", "HostPort": ""},
        ],
        "30080/tcp": [{"HostIp": "0.0.0.0", "HostPort": "80"}],
    }
    found = published_ports({"HostConfig": {"PortBindings": bindings}})
    assert found == {("10.0.0.1", "8443", "8443/tcp"), ("", "80", "30080/tcp")}


def test_a_lease_counts_only_when_it_is_newer_than_the_node():
    now = datetime.now(UTC)
    lease = {"spec": {"renewTime": now.isoformat().replace("+00:00", "Z")}}
    assert is_fresh(lease, now.timestamp() - 1)
    assert not is_fresh(lease, now.timestamp() + 1)
    assert not is_fresh({"spec": {"renewTime": (now - timedelta(minutes=1)).isoformat()}}, 0)
    assert not is_fresh(None, 0)


def test_a_condition_tells_only_what_was_written_since_the_start_and_lately():
    now = datetime.now(UTC)

    def node(written):
        condition = {"type": "Ready", "status": "True", "lastHeartbeatTime": written.isoformat()}
        return {"status": {"conditions": [condition]}}

    assert has_written(node(now), now.timestamp() - 1)
    assert not has_written(node(now), now.timestamp() + 1)
    assert not has_written(node(now - timedelta(minutes=1)), 0)
    assert not has_written({"status": {}}, 0)
    assert not has_written(None, 0)


def test_start_time_of_a_container():
    assert start_time({"State": {"StartedAt": "2026-11-24T00:30:28.571086267Z"}}) == 1795480228.0
    assert start_time({"State": {"StartedAt": "0001-01-01"}}) == start_time(None) == 0.0


def test_kubelet_errors_are_found_and_told():
    line = 'E1124 00:19:32.123456     651 pod_workers.go:1324] "Error syncing pod" err="no CNI"'
    assert KLOG_ERROR.search(line)[1] == '"Error syncing pod" err="no CNI"'
    assert KLOG_ERROR.search(line.replace("E1124", "I1124")) is None
    text = sentence(
        {"lab": {"container": "running", "failed_units": ["ssh.service"], "kubelet_errors": ["e1"]}}
    )
    assert text == "lab: failed units: ssh.service; lab: last kubelet errors: e1"
