"""Faults around a lab: each is reported with its cause and the next step, and the next `up` converges."""

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.long
ROOT = Path(__file__).resolve().parents[2]
SERVERS = ("slipway-acceptance-files", "slipway-acceptance-registry")
HOST = "slipway-acceptance-lab1"

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small disk needs root")


def docker(*arguments):
    subprocess.run(["docker", *arguments], check=True, capture_output=True)


def failure(done):
    """Return the failure that a run reported."""
    told = json.loads(done.stdout)
    assert done.returncode == 1, done.stderr[-3000:]
    return told["failures"][0]


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 24 MB."""
    path = tmp_path / "disk"
    path.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "slipway-test", path], check=True)
    yield path
    subprocess.run(["umount", path], check=True)


def test_a_value_that_no_role_takes_stops_before_anything_changed(lab, slipway):
    done = slipway.run(
        "up", "--json", "-e", '{"minikube_nodes": "two"}', "-e", "docker_source=snap"
    )
    assert done.returncode == 3
    wrong = [one for one in json.loads(done.stdout)["findings"] if one["level"] == "error"]
    assert [one["check"] for one in wrong] == ["variables"]
    assert "minikube_nodes" in wrong[0]["message"] and "distro, official" in wrong[0]["message"]


def test_a_version_that_does_not_exist_is_refused_and_the_lab_stays(lab, slipway):
    told = failure(slipway.run("up", "--json", "-e", "minikube_kubernetes_version=v1.99.0"))
    assert told["phase"] == "minikube" and "v1.99.0" in told["reason"] and told["next_step"]
    assert slipway.json("status")["ready"] is True


def test_a_mirror_that_was_lost_comes_back(lab, slipway):
    docker("rm", "--force", *SERVERS)
    told = slipway.json("up")
    assert told["ready"] is True and told["changed"] > 0
    assert slipway.json("up")["changed"] == 0


def test_a_registry_that_was_lost_alone_comes_back(lab, slipway):
    docker("rm", "--force", SERVERS[1])
    assert slipway.json("up")["ready"] is True


def test_a_worker_without_its_node_object_registers_again_with_its_data(lab, slipway):
    node = ("exec", HOST, "docker", "exec", "minikube-m02")
    docker(*node, "sh", "-c", "echo kept >/var/lib/note")
    assert slipway.run("kubectl", "delete", "node", "minikube-m02").returncode == 0
    assert slipway.json("up")["ready"] is True
    docker(*node, "grep", "-x", "kept", "/var/lib/note")


def test_down_removes_the_rest_when_a_machine_does_not_answer(tmp_path):
    inventory = tmp_path / "inventory"
    shutil.copytree(ROOT / "inventories/example", inventory)
    hosts = inventory / "hosts.yml"
    dead = "{ansible_host: 127.0.0.1, ansible_port: 9}"
    hosts.write_text(re.sub(r"(node\d.example.org):", rf"\1: {dead}", hosts.read_text()))
    state = tmp_path / "slipway/dead-machine"
    (state / "bin").mkdir(parents=True)
    done = subprocess.run(
        [str(ROOT / "slipway"), "down", "--lab", "dead-machine", "-i", str(inventory)],
        env={**os.environ, "XDG_STATE_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert "did not answer and was left as it is" in done.stderr
    assert not (state / "bin").exists()


def test_a_host_that_hangs_is_taken_up(lab, slipway):
    docker("pause", HOST)
    told = slipway.json("up")
    assert told["ready"] is True and told["changed"] > 0


def test_a_host_that_does_not_answer_is_named_and_the_lab_goes_on(lab, slipway):
    docker("exec", HOST, "systemctl", "stop", "ssh")
    try:
        told = failure(slipway.run("up", "--json"))
    finally:
        docker("exec", HOST, "systemctl", "start", "ssh")
    assert told["host"] == "lab1" and "Connection refused" in told["reason"]
    assert "this repairs hosts of the lab" in told["next_step"]
    assert slipway.json("up")["changed"] == 0


@needs_root
def test_a_full_disk_stops_the_launcher_with_the_cause(small_disk):
    done = subprocess.run(
        [ROOT / "slipway", "doctor"],
        env={**os.environ, "XDG_CACHE_HOME": str(small_disk)},
        capture_output=True,
        text=True,
        errors="replace",
    )
    assert done.returncode == 3
    assert f"the disk of {small_disk}/slipway is full" in done.stderr
    assert "The next start continues from here" in done.stderr


@needs_root
def test_a_disk_that_fills_up_during_a_build_is_named(small_disk):
    job = {
        "cache_dir": str(small_disk / "cache"),
        "artifacts": [
            {
                "name": "large",
                "output": "large",
                "command": ["dd", "if=/dev/zero", "of={work}/large", "bs=1M", "count=64"],
            }
        ],
    }
    done = subprocess.run(
        [Path(sys.executable).parent / "ansible", "localhost", "-m", "cached_artifact"]
        + ["-a", json.dumps(job), "-e", f"ansible_python_interpreter={sys.executable}"],
        cwd=ROOT,
        env={**os.environ, "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg")},
        capture_output=True,
        text=True,
    )
    assert done.returncode != 0
    assert re.search(r"large: .*disk .*is full.*free some space", done.stdout)
    assert not list(small_disk.glob("cache/large/[!.]*/large"))


@pytest.mark.long
def test_a_mirror_that_goes_half_way_is_told_and_the_next_up_converges(slipway):
    slipway.json("down")
    process = slipway.start("up", "--json")
    for line in process.stderr:
        if "] minikube: Start pulling the node image" in line:
            break
    docker("kill", *SERVERS)
    out, _ = process.communicate(timeout=1200)
    told = failure(subprocess.CompletedProcess((), process.returncode, out, ""))
    assert told["phase"] == "minikube" and told["reason"] and told["next_step"]
    assert slipway.json("up")["ready"] is True


def engine_processes():
    """Return the processes of the engine that Slipway started without systemd, and of the engines in its hosts."""
    found = {}
    for path in Path("/proc").glob("[0-9]*/comm"):
        name = path.read_text().strip()
        if name in ("dockerd", "containerd") or name.startswith("containerd-shim"):
            found[int(path.parent.name)] = name
    return found


@needs_root
@pytest.mark.long
@pytest.mark.skipif(
    Path("/run/systemd/system").exists(), reason="the engine belongs to systemd here"
)
def test_a_lab_comes_back_after_its_engine_was_killed_with_all_that_it_runs(slipway):
    assert slipway.json("up")["ready"] is True
    kept = ("configmap", "kept-through-a-kill")
    assert slipway.run("kubectl", "create", *kept).returncode == 0
    inspect = ["docker", "container", "inspect", "--format", "{{.Id}}", HOST]
    before = subprocess.run(inspect, capture_output=True, check=True).stdout
    assert {"dockerd", "containerd"} <= set(engine_processes().values())
    for process in engine_processes():
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
    assert slipway.json("up")["ready"] is True
    assert subprocess.run(inspect, capture_output=True, check=True).stdout == before
    assert slipway.run("kubectl", "get", *kept).returncode == 0
    assert slipway.run("kubectl", "delete", *kept).returncode == 0
