"""Contract of the module minikube_info: all profiles, also stopped, damaged and absent ones."""

from __future__ import annotations

import pytest

from support.minikube_lab import Lab

pytestmark = pytest.mark.slow


@pytest.fixture
def lab(tmp_path):
    """A lab with two nodes."""
    lab = Lab(tmp_path)
    lab.run(nodes=2, container_runtime="containerd")
    yield lab
    lab.close()


def test_a_running_profile(lab):
    result = lab.run("minikube_info")
    assert result["version"] == "v1.38.1" and not result["changed"]
    profile = result["profiles"]["minikube"]
    assert profile["state"] == "started" and profile["server"].startswith("https://127.0.0.1:")
    assert [n["name"] for n in profile["nodes"] if n["ready"]] == ["minikube", "minikube-m02"]
    assert profile["addons"] == ["default-storageclass", "storage-provisioner"]


def test_stopped_damaged_and_absent(lab):
    lab.run(state="stopped")
    assert lab.run("minikube_info")["profiles"]["minikube"]["state"] == "stopped"
    lab.config_path.write_text("{")
    damaged = lab.run("minikube_info")["profiles"]["minikube"]
    assert damaged["state"] == "orphaned" and "config.json" in damaged["problem"]
    assert lab.run("minikube_info", profile="other")["profiles"]["other"]["state"] == "absent"


def test_docker_down_and_minikube_missing(lab):
    lab.write(docker_error="Cannot connect to the Docker daemon")
    result = lab.run("minikube_info", executable="minikube-not-here")
    assert result["version"] == ""
    assert result["profiles"]["minikube"]["problem"] == "docker does not answer"
