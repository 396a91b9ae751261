"""Tests of ``slipway.output.status``."""

import pytest

from slipway.lab.phases import OK, Phase
from slipway.launcher import CommandLine
from slipway.output.status import phase_line, show_status
from support.displayed_run import make_console, text_of

NODES = [
    {"name": "slipway", "ready": True, "version": "v1.35.1", "address": "192.168.49.2"},
    {"name": "slipway-m02", "ready": False, "roles": ["worker"], "schedulable": False},
]
PORT = {"name": "", "port": 80, "node_port": 30080, "protocol": "TCP"}
SERVICE = {
    "namespace": "default", "name": "web", "type": "NodePort", "cluster_ip": "10.96.0.9",
    "external": [], "ports": [PORT],
}  # fmt: skip
TROUBLED = [{"name": f"api-{number}", "reason": "ImagePullBackOff"} for number in range(3)]
STATUS = {
    "ready": True,
    "lab": "demo",
    "nodes": NODES,
    "namespaces": [
        {"namespace": "default", "pods": 1, "ready": 1, "troubled": []},
        {"namespace": "shop", "pods": 3, "ready": 0, "troubled": TROUBLED},
    ],
    "services": [SERVICE, {**SERVICE, "name": "db", "cluster_ip": "", "ports": []}],
    "hosts": [{"name": "lab1", "address": "10.213.0.11"}],
    "source": "build",
    "versions": {"kubernetes": "v1.35.1", "minikube": "v1.38.1"},
    "kubeconfig": "/home/me/.local/state/slipway/demo/kubeconfig",
    "kubectl": "/x",
    "app": {"url": "http://10.213.0.11:30080/", "status": 200, "answer": "NOW:\n 1"},
    "pages": [{"name": "Lab", "url": "http://127.0.0.1:5010/"}],
    "machine": {
        "cpus": 2, "load": 0.5, "memory_bytes": 8 * 2**30, "memory_available_bytes": 6 * 2**30,
        "disk_free_bytes": 70 * 2**30,
    },
    "lessons": {"passed": ["tutorial"], "failed": ["state"], "not_run": ["cluster"]},
    "next_step": "./slipway lesson state",
}  # fmt: skip


def screen(width=80, **changes):
    console = make_console(width)
    show_status(console, {**STATUS, **changes}, CommandLine(launcher="./slipway"))
    return text_of(console)


@pytest.mark.parametrize("width", [40, 80, 100])
def test_the_screen_fits(width):
    assert all(len(line) <= width for line in screen(width).splitlines())


def test_everything_is_on_one_screen():
    text = screen()
    assert len(text.splitlines()) <= 30
    for words in (
        "Kubernetes v1.35.1, Minikube v1.38.1 (build)",
        "worker, cordoned",
        "api-0: ImagePullBackOff, api-1: ImagePullBackOff and 1 more",
        "10.96.0.9  80:30080",
        "headless",
        "http://10.213.0.11:30080/ 200 NOW: 1",
        "http://127.0.0.1:5010/",
        "lab1 10.213.0.11",
        "2 cores, load 0.5; 6.0 GiB of 8.0 GiB memory free; 70.0 GiB disk free",
        "1 of 3 passed, failed: state",
        "./slipway lesson state",
    ):
        assert words in " ".join(text.split()) or words in text, words


def test_the_reason_is_in_the_headline():
    text = screen(ready=False, reason="the app does not answer")
    assert text.splitlines()[0].strip().startswith("not ready")
    assert "the app does not answer" in text


def test_a_stopped_lab_is_not_a_broken_one():
    text = screen(ready=False, state="stopped", reason="the lab is stopped")
    assert text.splitlines()[0].strip().startswith('stopped   lab "demo"')
    assert "not ready" not in text and "the lab is stopped" not in text


def test_a_lab_without_a_cluster_has_no_empty_tables():
    text = screen(nodes=[], namespaces=[], services=[], app=None)
    assert "NODE" not in text and "NAMESPACE" not in text and "SERVICE" not in text


def test_phases_that_ran_are_listed_with_their_time():
    console = make_console()
    console.print(phase_line([Phase("hosts", "Hosts", state=OK, seconds=61), Phase("app", "App")]))
    assert text_of(console).split() == ["phases", "hosts", "1:01"]
