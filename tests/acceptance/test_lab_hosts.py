"""Hosts of a lab of their own: predicted, created, recreated, removed without a trace."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

pytestmark = pytest.mark.long
ROOT = Path(__file__).parents[2]
LAB = "test-hosts"
SUBNET = "10.213.250.0/24"
HOST, OTHER_HOST = "10.213.250.11", "10.213.250.12"


def output(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


class Lab:
    """An inventory with one host, and playbooks run on it."""

    def __init__(self, directory: Path):
        self.state = directory / "state"
        self.inventory = directory / "inventory"
        (self.inventory / "group_vars").mkdir(parents=True)
        common: dict[str, object] = {}
        for path in (ROOT / "inventories/common").glob("*.yml"):
            common |= yaml.safe_load(path.read_text())
        mine = {"slipway_lab": LAB, "slipway_state_dir": str(self.state)}
        groups = {
            "control": {
                "hosts": {
                    "localhost": {
                        "ansible_connection": "local",
                        "ansible_python_interpreter": sys.executable,
                    }
                }
            },
            "lab_hosts": {"hosts": {"h1": {"ansible_host": HOST}}},
        }
        (self.inventory / "hosts.yml").write_text(
            yaml.safe_dump(
                {
                    "all": {
                        "vars": {**common, **mine, "lab_hosts_subnet": SUBNET},
                        "children": groups,
                    }
                }
            )
        )
        (self.inventory / "group_vars/lab_hosts").symlink_to(
            ROOT / "inventories/lab/group_vars/lab_hosts"
        )

    def play(self, name: str, *arguments: str) -> dict[str, dict]:
        """Run molecule/shared/NAME.yml and return Ansible's counts by host."""
        done = subprocess.run(
            [
                Path(sys.executable).with_name("ansible-playbook"),
                "--inventory",
                self.inventory,
                ROOT / f"molecule/shared/{name}.yml",
                *arguments,
            ],
            env=os.environ
            | {
                "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
                "ANSIBLE_STDOUT_CALLBACK": "ansible.posix.json",
            },
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr
        return json.loads(done.stdout[done.stdout.index("{") :])["stats"]

    def ssh(self, command: str) -> str:
        return output("ssh", "-F", str(self.state / "ssh/config"), "h1", command)


def changes(stats: dict[str, dict]) -> int:
    return sum(host["changed"] for host in stats.values())


def machine() -> dict[str, set[str]]:
    """Return everything that the lab has in Docker and in the network of this machine, labelled or not."""
    kinds = {
        "containers": ("docker", "ps", "--all", "--format", "{{.Label `slipway`}} {{.Names}}"),
        "volumes": ("docker", "volume", "ls", "--format", "{{.Label `slipway`}} {{.Name}}"),
        "networks": ("docker", "network", "ls", "--format", "{{.Label `slipway`}} {{.Name}}"),
    }
    found = {
        kind: {line for line in output(*command).splitlines() if LAB in line}
        for kind, command in kinds.items()
    }
    # Rules and routes carry no label: those of a lab name its network or its bridge.
    bridge = output(
        "docker", "network", "ls", "--quiet", "--filter", f"label=slipway={LAB}"
    ).strip()
    ours = re.compile(rf"{re.escape(SUBNET[:-4])}|{f'br-{bridge}' if bridge else 'no bridge'}")
    found["rules"] = set(filter(ours.search, output("iptables-save").splitlines()))
    found["routes"] = set(filter(ours.search, output("ip", "route").splitlines()))
    found["links"] = set(filter(ours.search, output("ip", "-oneline", "link").splitlines()))
    return found


@pytest.fixture
def lab(tmp_path):
    lab = Lab(tmp_path)
    lab.play("destroy")
    yield lab
    lab.play("destroy")


def test_from_nothing_to_nothing(lab):
    before = machine()
    assert not any(before.values())

    predicted = changes(lab.play("create", "--check", "--diff"))
    assert predicted > 0
    assert machine() == before and not lab.state.exists()

    assert changes(lab.play("create")) > 0
    made = machine()
    assert f"{LAB} slipway-{LAB}-h1" in made["containers"]
    assert made["volumes"] == {
        f"{LAB} slipway-{LAB}-h1-docker",
        f"{LAB} slipway-{LAB}-h1-containerd",
    }
    assert made["rules"] and made["routes"] and made["links"]
    assert lab.ssh("hostname") == "h1\n"

    assert changes(lab.play("create")) == 0
    assert machine() == made

    assert changes(lab.play("destroy", "--check")) > 0
    assert machine() == made
    assert changes(lab.play("destroy")) > 0
    assert machine() == before and not (lab.state / "ssh").exists()
    assert changes(lab.play("destroy")) == 0


def test_stopped_host_comes_back_with_what_it_held(lab):
    lab.play("create")
    lab.ssh("echo kept > note; sudo touch /var/lib/docker/note")
    output("docker", "kill", f"slipway-{LAB}-h1")
    assert changes(lab.play("create")) == 1
    assert lab.ssh("cat note; ls /var/lib/docker") == "kept\nnote\n"
    assert "unreachable 10.96.0.0/12" in lab.ssh("ip route")


def test_host_with_other_settings_keeps_its_data_until_it_is_replaced(lab):
    lab.play("create")
    lab.ssh("sudo touch /var/lib/docker/note")
    other = {"lab_hosts_internal_networks": ["10.96.0.0/12"]}
    assert changes(lab.play("create", "--extra-vars", json.dumps(other))) == 0
    assert lab.ssh("ls /var/lib/docker") == "note\n"
    lab.play("create", "--extra-vars", json.dumps({**other, "lab_hosts_replace": ["h1"]}))
    assert lab.ssh("ls /var/lib/docker") == ""
    assert "10.244.0.0/16" not in lab.ssh("ip route")


def test_host_that_the_inventory_lost_is_removed_too(lab):
    lab.play("create")
    hosts = lab.inventory / "hosts.yml"
    hosts.write_text(hosts.read_text().replace("h1:", "h2:").replace(HOST, OTHER_HOST))
    lab.play("destroy")
    assert not [line for line in machine()["containers"] if line.startswith(LAB)]
