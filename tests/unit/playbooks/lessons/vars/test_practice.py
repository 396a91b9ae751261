"""Tests of the variables in ``playbooks/lessons/vars/practice.yml``."""

from pathlib import Path

import pytest
import yaml

from support.inventory import rendered

ROOT = Path(__file__).resolve().parents[5]
VARIABLES = yaml.safe_load((ROOT / "playbooks/lessons/vars/practice.yml").read_text())
CONTROL_PLANE = {"key": "node-role.kubernetes.io/control-plane", "effect": "NoSchedule"}
OF_A_TASK = {"key": "learn", "value": "maintenance", "effect": "NoSchedule"}
KUBEADM = {"slipway_engine": "kubeadm", "groups": {"control": ["localhost"]}}
MINIKUBE = {"slipway_engine": "minikube", "groups": {"minikube_hosts": ["lab1"]}}


def nodes(app_host, **taints):
    """Return the names of the nodes for tasks, in a cluster whose nodes have these taints."""
    found = [{"name": name, "taints": having} for name, having in taints.items()]
    given = {"slipway_app_host": app_host, "practice_cluster": {"nodes": found}}
    return [one["name"] for one in rendered(VARIABLES, "practice_nodes", **given)]


@pytest.mark.parametrize(
    ("lab", "host", "offers"), [(MINIKUBE, "lab1", ["lab", "minikube"]), (KUBEADM, "", ["lab"])]
)
def test_only_minikube_has_a_host_with_docker(lab, host, offers):
    assert rendered(VARIABLES, "practice_host", **lab) == host
    assert rendered(VARIABLES, "practice_offers", **lab) == [*offers, "network_policies"]


@pytest.mark.parametrize(("lab", "option"), [(MINIKUBE, "minikube"), (KUBEADM, "kubernetes")])
def test_policies_that_are_off_are_not_offered(lab, option):
    given = {**lab, f"{option}_network_policies": False}
    assert "network_policies" not in rendered(VARIABLES, "practice_offers", **given)


def test_all_nodes_of_minikube_run_pods():
    assert nodes("lab1", minikube=[], **{"minikube-m02": []}) == ["minikube", "minikube-m02"]


def test_control_planes_with_a_taint_are_no_nodes_of_tasks():
    assert nodes("node1", cp1=[CONTROL_PLANE], node1=[], node2=[]) == ["node1", "node2"]


def test_the_url_leads_to_the_first_node():
    assert nodes("node2", cp1=[CONTROL_PLANE], node1=[], node2=[]) == ["node2", "node1"]


def test_a_node_that_a_task_reserved_stays_a_node():
    assert nodes("node1", node1=[], node2=[OF_A_TASK]) == ["node1", "node2"]
