"""roles/minikube/files/power: start and stop the nodes of a profile."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

POWER = Path(__file__).parents[4] / "roles/minikube/files/power"
DOCKER = """#!/bin/sh
echo "$*" >>"$0.log"
case "$1 $2" in
  "ps --all") cat "$0.all" ;;
  "ps "*) cat "$0.running" ;;
  "inspect "*) case $3 in *Gateway*) echo 192.168.49.1 ;; *) echo 192.168.49.2 ;; esac ;;
esac
"""
KUBECTL = """#!/bin/sh
echo asked >>"$0.log"
[ ! -e "$0.refusal" ] || { cat "$0.refusal" >&2; exit 1; }
"""
EXPIRED = "tls: failed to verify certificate: x509: certificate has expired or is not yet valid"


@pytest.fixture
def power(tmp_path):
    """Run the script beside a made-up docker and kubectl; return exit code and what docker was asked for."""
    shutil.copy(POWER, tmp_path / "power")
    for name, text in (("docker", DOCKER), ("kubectl", KUBECTL)):
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o755)

    def run(action, nodes="minikube\nminikube-m02\n", running=None, refusal=None):
        (tmp_path / "docker.all").write_text(nodes)
        (tmp_path / "docker.running").write_text(nodes if running is None else running)
        (tmp_path / "docker.log").write_text("")
        if refusal is not None:
            (tmp_path / "kubectl.refusal").write_text(refusal)
        done = subprocess.run(
            ["sh", str(tmp_path / "power"), action, "minikube"],
            env={**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}", "POWER_TIMEOUT": "1"},
            capture_output=True,
            text=True,
        )
        return done.returncode, (tmp_path / "docker.log").read_text()

    return run


def test_all_nodes_start_with_the_names_that_docker_forgets(power):
    code, asked = power("start")
    assert code == 0
    assert "start minikube minikube-m02\n" in asked
    for node in ("minikube", "minikube-m02"):
        assert f"exec {node} sh -c" in asked
    assert asked.count("sh 192.168.49.1 192.168.49.2") == 2
    assert "systemctl start containerd kubelet" in asked


def test_only_nodes_of_the_profile_are_asked_for(power):
    assert "name=^/?minikube(-m[0-9]+)?$" in power("start")[1]


def test_a_cluster_that_does_not_answer_is_left_to_minikube(power):
    assert power("start", refusal="")[0] == 1


@pytest.mark.parametrize(
    "refusal", ["error: You must be logged in to the server (Unauthorized)", EXPIRED]
)
def test_a_rejected_certificate_is_left_to_minikube_at_once(power, tmp_path, refusal):
    assert power("start", refusal=refusal)[0] == 1
    assert (tmp_path / "kubectl.log").read_text() == "asked\n"


def test_a_cluster_without_nodes_is_left_to_minikube(power):
    code, asked = power("start", nodes="")
    assert code != 0 and "\nstart" not in asked


def test_pods_stop_before_their_nodes(power):
    code, asked = power("stop", running="minikube\n")
    assert code == 0
    assert asked.index("systemctl stop kubelet") < asked.index("stop --time 20 minikube")
    assert "minikube-m02" not in asked


def test_stopped_nodes_stay_as_they_are(power):
    code, asked = power("stop", running="")
    assert code == 0 and "exec" not in asked and "stop --time" not in asked
