"""A bundle on bare machines without a network, for a user who is not root and has sudo."""

from __future__ import annotations

import json
import subprocess

import pytest
import yaml

pytestmark = pytest.mark.long
LAB = "test-bare"
IMAGES = ("debian12", "debian13")
USER = "student"


def docker(*arguments: str) -> str:
    done = subprocess.run(["docker", *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


class BareMachine:
    """A container with the packages of a cloud image, and a user who has sudo."""

    def __init__(self, image: str):
        self.container = f"slipway-{LAB}-{image}"
        docker("network", "disconnect", f"slipway-{LAB}", self.container)
        docker("exec", self.container, "useradd", "-m", "-s", "/bin/bash", USER)
        rule = f"{USER} ALL=(ALL) NOPASSWD: ALL"
        docker("exec", self.container, "sh", "-c", f"echo '{rule}' >/etc/sudoers.d/{USER}")

    def run(self, line: str) -> subprocess.CompletedProcess[str]:
        command = ["docker", "exec", "-u", USER, self.container, "bash", "-lc", f"cd ~ && {line}"]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    def output(self, line: str) -> str:
        done = self.run(line)
        assert done.returncode == 0, done.stderr[-6000:] + done.stdout[-3000:]
        return done.stdout


@pytest.fixture(scope="module")
def bundle(slipway, tmp_path_factory):
    path = tmp_path_factory.mktemp("bundle") / "lab.bundle"
    systems = json.dumps({"bundle_systems": IMAGES})
    saved = slipway.json("bundle", "save", str(path), "-e", systems)
    assert saved["file"] == str(path)
    yield saved
    path.unlink()


@pytest.fixture(scope="module")
def machines(slipway, tmp_path_factory):
    """Hosts of a lab, which the test cuts off from its network."""
    inventory = tmp_path_factory.mktemp("bare") / "hosts.yml"
    hosts = {
        image: {"ansible_host": f"10.213.251.{number}", "lab_hosts_image": image}
        for number, image in enumerate(IMAGES, 11)
    }
    groups = {
        "lab_hosts": {"hosts": hosts},
        "docker_hosts": {"children": {"lab_hosts": None}},
    }
    inventory.write_text(yaml.safe_dump(groups))
    labs = ["-i", str(slipway.root / "inventories/lab"), "-i", str(inventory)]
    labs += ["-e", f"slipway_lab={LAB}", "-e", "lab_hosts_subnet=10.213.251.0/24"]
    try:
        done = slipway.run(
            "up", *labs, "--limit", ",".join((*IMAGES, "control")), "--tags", "hosts"
        )
        assert done.returncode == 0, done.stderr[-6000:]
        yield {image: BareMachine(image) for image in IMAGES}
    finally:
        assert slipway.run("down", *labs).returncode == 0


@pytest.mark.parametrize("image", IMAGES)
def test_a_lab_without_a_network(image, machines, bundle):
    machine = machines[image]
    assert machine.output("ls /sys/class/net").split() == ["lo"]
    docker("cp", "-q", bundle["file"], f"{machine.container}:/home/{USER}/lab.bundle")
    machine.output("tar -xzf lab.bundle project")

    refused = machine.run(f"project/slipway bundle load lab.bundle --sha256 {'0' * 64}")
    assert refused.returncode == 1
    assert bundle["sha256"] in refused.stderr
    assert machine.output("ls .cache/slipway 2>/dev/null || true") == ""

    machine.output(f"project/slipway bundle load lab.bundle --sha256 {bundle['sha256']}")
    told = json.loads(machine.output("project/slipway up --json"))
    assert told["ready"] is True
    assert {node["ready"] for node in told["nodes"]} == {True}
    assert json.loads(machine.output("project/slipway up --json"))["changed"] == 0

    # The environment and ssh-keygen are there now: the command itself verifies the signature.
    signer = f"'{bundle['signer']}'"
    told = json.loads(
        machine.output(f"project/slipway bundle load lab.bundle --signed-by {signer} --json")
    )
    assert told["systems"] == list(IMAGES)
    machine.output("project/slipway down")
    assert machine.output("docker ps -aq") == ""
    assert machine.output("ls -d /var/lib/slipway/offline 2>/dev/null || true") == ""
