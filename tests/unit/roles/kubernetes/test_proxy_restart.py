"""roles/kubernetes/files/proxy-restart: kube-proxy with other settings, and the log of a pod that does not work."""

import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[4] / "roles/kubernetes/files/proxy-restart"
KUBECTL = """#!/bin/sh
echo "$*" >>HERE/called
case "$*" in
  *"rollout status"*) [ ! -e HERE/stuck ] || { echo "1 of 5 updated"; echo "error: timed out"; exit 1; } ;;
  *jsonpath*) cat HERE/states ;;
  *"get pods"*) printf 'pod/old\\npod/new\\n' ;;
  *logs*) echo "unknown mode nonsense" ;;
esac
"""


@pytest.fixture
def host(tmp_path):
    """A directory with a kubectl that records its calls, and with the script that calls it."""
    (tmp_path / "kubectl").write_text(KUBECTL.replace("HERE", str(tmp_path)))
    (tmp_path / "kubectl").chmod(0o755)
    (tmp_path / "states").write_text("cp1 true 0\nnode1 true 0\n")
    text = SCRIPT.read_text().replace("/usr/local/lib/slipway/kubernetes", str(tmp_path))
    (tmp_path / "script").write_text(text.replace("sleep 5", ""))
    return tmp_path


def run(host):
    return subprocess.run(["sh", str(host / "script"), "30"], capture_output=True, text=True)


def test_the_pods_start_again_and_get_ready(host):
    assert run(host).returncode == 0
    first, second, *_ = (host / "called").read_text().splitlines()
    assert "rollout restart daemonset/kube-proxy" in first
    assert "rollout status daemonset/kube-proxy --timeout 30s" in second


def test_the_log_of_a_pod_that_is_not_ready_is_printed(host):
    (host / "stuck").touch()
    done = run(host)
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "kube-proxy does not work on all nodes: error: timed out",
        "unknown mode nonsense",
    ]
    assert "logs --tail 5 pod/new" in (host / "called").read_text()


def test_a_pod_that_ended_does_not_work(host):
    (host / "states").write_text("cp1 true 0\nnode1 true 1\n")
    done = run(host)
    assert done.returncode == 1
    assert "kube-proxy does not work on all nodes: it ended on node1" in done.stderr
