"""Tests of ``slipway.output.status``."""

import pytest

from slipway.doctor.findings import error, ok, warning
from slipway.lab.failures import Explanation
from slipway.output.status import show_failure, show_findings, show_status
from support.displayed_run import make_console, text_of


@pytest.mark.parametrize("width", [40, 80, 100])
def test_status_fits(width):
    nodes = [
        {"name": "slipway", "ready": True, "version": "v1.35.1", "address": "192.168.49.2"},
        {"name": "slipway-m02", "ready": False, "roles": ["worker"]},
    ]
    status = {
        "ready": True,
        "lab": "demo",
        "nodes": nodes,
        "hosts": [{"name": "lab1", "address": "10.213.0.11", "os": "Debian 13"}],
        "source": "build",
        "kubeconfig": "/home/me/.local/state/slipway/demo/kubeconfig",
        "kubectl": "/x",
        "app": {"url": "http://10.213.0.11:30080/", "status": 200, "answer": "NOW:\n 1"},
    }
    console = make_console(width)
    show_status(console, status, "./slipway")
    text = text_of(console)
    assert all(len(line) <= width for line in text.splitlines())
    assert "slipway-m02" in text
    assert "200" in text


def test_findings_come_with_their_remedies():
    console = make_console()
    show_findings(console, [ok("2 cores").named("cores"), warning("low", "buy").named("memory")])
    show_findings(console, [error("no [overlay]", "modprobe").named("kernel")])
    assert "buy" in text_of(console)
    assert "no [overlay]" in text_of(console)


def test_a_failure_shows_text_as_it_is(tmp_path):
    failure = Explanation("docker", "lab1", "docker : [x]", "roles/a.yml:7", "bad [value]", "")
    console = make_console()
    show_failure(console, failure, tmp_path / "x.log", "./slipway up", "ansible-playbook x")
    for words in ("docker : [x]", "roles/a.yml:7", "bad [value]", "./slipway up", "x.log"):
        assert words in text_of(console).replace("\n", "")
