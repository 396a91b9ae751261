"""The cluster as converge.yml declares it, on the host and from the control machine."""

import json
import os
from pathlib import Path

import kubernetes
import pytest

testinfra_hosts = ["ssh://debian13"]


@pytest.fixture
def nodes(host):
    """Node objects by name, as the user of Minikube sees them."""
    with host.sudo("minikube"):
        answer = host.check_output("kubectl --context minikube get nodes -o json")
    return {node["metadata"]["name"]: node for node in json.loads(answer)["items"]}


def test_two_nodes_are_ready(nodes):
    assert sorted(nodes) == ["minikube", "minikube-m02"]
    for node in nodes.values():
        assert ("Ready", "True") in [(c["type"], c["status"]) for c in node["status"]["conditions"]]


def test_label(nodes):
    assert nodes["minikube-m02"]["metadata"]["labels"]["tier"] == "backend"


def test_unit_starts_with_the_host(host):
    assert host.service("minikube-minikube").is_enabled


def test_keys_are_for_their_user_alone(host):
    with host.sudo():
        assert host.file("/home/minikube").mode == 0o700
        assert host.file("/home/minikube/.kube/config").mode == 0o600


def test_completion(host):
    for program in ("minikube", "kubectl"):
        assert host.file(f"/usr/share/bash-completion/completions/{program}").contains(program)


def test_the_control_machine_reaches_the_api():
    kubeconfig = Path(os.environ["MOLECULE_EPHEMERAL_DIRECTORY"]) / "state" / "kubeconfig"
    assert kubeconfig.stat().st_mode & 0o777 == 0o600
    client = kubernetes.config.new_client_from_config(str(kubeconfig))
    names = [n.metadata.name for n in kubernetes.client.CoreV1Api(client).list_node().items]
    assert sorted(names) == ["minikube", "minikube-m02"]
    assert client.configuration.host == "https://10.213.2.13:8443"
