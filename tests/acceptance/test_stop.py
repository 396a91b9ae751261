"""A real lab is stopped and started: nothing is lost, and nothing is done twice."""

import base64
import json
import subprocess
import time
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization

pytestmark = pytest.mark.long

HOST = "slipway-acceptance-lab1"

background_engine = pytest.mark.skipif(
    Path("/run/systemd/system").exists(), reason="the engine belongs to systemd here"
)


@pytest.fixture(scope="module")
def config_map(lab, slipway):
    """An object that must outlive everything below."""
    words = ("create", "configmap", "kept", "--from-literal=a=b")
    assert slipway.run("kubectl", *words).returncode == 0
    yield
    slipway.run("kubectl", "delete", "configmap", "kept")


def docker(*arguments):
    done = subprocess.run(["docker", *arguments], capture_output=True, text=True, check=True)
    return done.stdout.split()


def running():
    return docker("ps", "--format", "{{.Names}}", "--filter", "label=slipway=acceptance")


def bring_engine(state, slipway):
    program = slipway.root / "roles/docker/files/dockerd-background"
    subprocess.run([program, state], check=True)


def started():
    return docker("inspect", HOST, "--format", "{{.State.StartedAt}}")


def lose_power(slipway):
    """End the engine and all that it runs, also what would outlive it (live-restore), and start it again."""
    processes = docker("inspect", *running(), "--format", "{{.State.Pid}}")
    bring_engine("stopped", slipway)
    subprocess.run(["kill", "-9", *processes])
    bring_engine("started", slipway)


def status(slipway):
    done = slipway.run("status", "--json")
    return done.returncode, json.loads(done.stdout)


def check_alive(lab, slipway):
    with urllib.request.urlopen(lab["app"]["url"], timeout=10) as response:
        assert response.status == 200
    code, found = status(slipway)
    assert (code, found["ready"], found["state"], found["stopped"]) == (0, True, "running", [])
    kept = slipway.run("kubectl", "get", "configmap", "kept", "-o", "jsonpath={.data.a}")
    assert kept.stdout == "b"


def test_a_stopped_lab_runs_nothing_and_comes_back(lab, slipway, config_map):
    exits = ["inspect", HOST, "--format", "{{.State.ExitCode}}"]
    assert slipway.json("stop", "--check")["changed"] > 0
    assert HOST in running()
    assert slipway.json("stop")["changed"] > 0
    assert running() == []
    assert docker(*exits) == ["130"]  # it ended by itself, and was not killed
    code, found = status(slipway)
    assert (code, found["state"], found["ready"]) == (1, "stopped", False)
    assert found["next_step"].split()[1] == "start"
    assert slipway.json("stop")["changed"] == 0

    for command in ("start", "up"):
        assert slipway.json(command, "--check")["changed"] > 0
    assert running() == []
    began = time.monotonic()
    assert slipway.json("start")["ready"]
    print(f"started in {time.monotonic() - began:.1f} s")
    check_alive(lab, slipway)
    assert slipway.json("start")["changed"] == 0


def test_a_lab_that_does_not_exist_is_not_stopped(lab, slipway):
    done = slipway.run("stop", "--lab", "no-such-lab")
    assert done.returncode == 1 and "This machine has no lab no-such-lab" in done.stderr
    assert slipway.run("start", "--lab", "no-such-lab").returncode == 4


def test_up_changes_nothing_on_a_lab_that_was_started(lab, slipway):
    assert slipway.json("up")["changed"] == 0


@pytest.mark.parametrize("command", ["start", "up"])
@pytest.mark.parametrize("names", [[HOST], ["slipway-acceptance-files"], None])
def test_a_lab_that_docker_stopped_comes_back(lab, slipway, config_map, command, names):
    docker("stop", "--time", "60", *(names or running()))
    code, found = status(slipway)
    assert found["state"] == ("partial" if names else "stopped")
    assert found["next_step"].split()[1] == "start"
    assert slipway.json(command)["ready"]
    check_alive(lab, slipway)


def test_nodes_that_minikube_stopped_come_back(lab, slipway, config_map):
    nodes = ["minikube", "minikube-m02"]
    docker("exec", HOST, "docker", "stop", *nodes)
    assert slipway.json("start")["ready"]
    check_alive(lab, slipway)


def test_a_port_that_became_used_is_named_before_a_change(lab, slipway, config_map):
    slipway.json("stop")
    listener = subprocess.Popen(
        ["python3", "-m", "http.server", "--bind", "0.0.0.0", "5080"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        time.sleep(2)
        done = slipway.run("start")
        assert done.returncode == 3
        assert "5080 taken by another program" in done.stderr
        assert running() == []
    finally:
        listener.kill()
        listener.wait()
    assert slipway.json("start")["ready"]
    check_alive(lab, slipway)


def expire_client_certificate(lab):
    """Replace the client certificate of Minikube and of the kubeconfig by one that expired yesterday."""
    folder, profile = "/home/minikube/.minikube", "/home/minikube/.minikube/profiles/minikube"

    def read(path):
        return subprocess.run(
            ["docker", "exec", HOST, "cat", path], capture_output=True, check=True
        ).stdout

    authority = serialization.load_pem_private_key(read(f"{folder}/ca.key"), None)
    old = x509.load_pem_x509_certificate(read(f"{profile}/client.crt"))
    yesterday = datetime.now(UTC) - timedelta(days=1)
    builder = x509.CertificateBuilder(
        old.issuer, old.subject, old.public_key(), old.serial_number, yesterday - timedelta(days=9), yesterday,
    )  # fmt: skip
    for extension in old.extensions:
        builder = builder.add_extension(extension.value, extension.critical)
    pem = builder.sign(authority, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    writing = ["docker", "exec", "-i", HOST, "sh", "-c", f"cat >{profile}/client.crt"]
    subprocess.run(writing, input=pem, check=True)
    path = Path(lab["kubeconfig"])
    content = yaml.safe_load(path.read_text())
    content["users"][0]["user"]["client-certificate-data"] = base64.b64encode(pem).decode()
    path.write_text(yaml.safe_dump(content))


def restart_policy():
    return docker("inspect", HOST, "--format", "{{.HostConfig.RestartPolicy.Name}}")


@background_engine
def test_a_lab_starts_with_its_engine_when_asked(lab, slipway, config_map):
    assert slipway.json("up", "-e", "lab_hosts_restart=true")["changed"] > 0
    assert slipway.json("up", "-e", "lab_hosts_restart=true")["changed"] == 0
    before = started()
    lose_power(slipway)
    began = time.monotonic()
    while slipway.run("status").returncode and time.monotonic() - began < 180:
        time.sleep(2)
    check_alive(lab, slipway)
    assert started() != before
    assert slipway.json("start")["changed"] == 0
    assert restart_policy() == ["unless-stopped"]
    assert slipway.json("up")["changed"] > 0
    assert restart_policy() == ["no"]


def test_a_certificate_that_expired_meanwhile_is_named_and_renewed(lab, slipway, config_map):
    expire_client_certificate(lab)
    slipway.json("stop")
    done = slipway.run("start", "--json")
    assert "the client certificate of the cluster expired on" in done.stderr
    assert done.returncode == 0 and json.loads(done.stdout)["ready"], done.stderr[-4000:]
    check_alive(lab, slipway)
    assert slipway.json("start")["changed"] == 0


def test_the_playbooks_do_it_without_the_command(lab, slipway, config_map):
    environment = slipway.run("env").stdout
    inventory = slipway.environment["ANSIBLE_INVENTORY"]
    for playbook in ("stop", "start"):
        run = f"ANSIBLE_INVENTORY={inventory} ansible-playbook playbooks/{playbook}.yml"
        line = f"{environment}\ncd {slipway.root} && {run}"
        done = subprocess.run(["sh", "-c", line], capture_output=True, text=True)
        assert done.returncode == 0, done.stdout[-3000:]
        assert bool(running()) == (playbook == "start")
    check_alive(lab, slipway)


@background_engine
@pytest.mark.removes_lab
def test_down_starts_an_engine_that_does_not_run(lab, slipway):
    bring_engine("stopped", slipway)
    assert slipway.json("down")["changed"] > 0
    assert running() == docker("ps", "--all", "--quiet", "--filter", "name=acceptance") == []
