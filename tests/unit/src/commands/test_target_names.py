"""Tests of ``slipway.commands.target_names``."""

import pytest
from click.shell_completion import ShellComplete

from slipway.cli import main


@pytest.fixture
def offered(command):
    """Return what is offered after some words."""

    def ask(*words):
        *before, last = words
        found = ShellComplete(main, {}, "slipway", "_X").get_completions(before, last)
        return [one.value for one in found]

    ask.make = command.make
    return ask


def test_hosts_nodes_pods_and_applications(offered):
    state = offered.make(hosts=[{"name": "lab1"}])
    kubectl = state / "bin/kubectl"
    assert offered("shell", "") == ["lab1"]  # the cluster does not answer
    kubectl.write_text(
        "#!/bin/sh\necho '"
        '{"items": [{"kind": "Node", "metadata": {"name": "minikube"}},'
        ' {"kind": "Pod", "metadata": {"name": "web-1", "namespace": "shop"}},'
        ' {"kind": "Pod", "metadata": {"name": "web-1", "namespace": "two"}}]}'
        "'\n"
    )
    kubectl.chmod(0o755)
    assert offered("logs", "") == ["lab1", "minikube", "web-1"]
    assert offered("logs", "shop/") == ["shop/web-1"]
    assert offered("shell", "-n", "two", "") == ["web-1"]


def test_services(offered):
    kubectl = offered.make() / "bin/kubectl"
    assert offered("service", "") == []
    kubectl.write_text(
        "#!/bin/sh\necho '"
        '{"items": [{"metadata": {"name": "web", "namespace": "shop"}},'
        ' {"metadata": {"name": "dns", "namespace": "two"}}]}'
        "'\n"
    )
    kubectl.chmod(0o755)
    assert offered("service", "") == ["dns", "web"]
    assert offered("service", "shop/") == ["shop/web"]
    assert offered("service", "-n", "two", "") == ["dns"]
