"""The planner of the module minikube: declared and observed state in, actions or a refusal out."""

from __future__ import annotations

import copy

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.minikube.plan import (
    Refusal,
    plan,
    prediction,
    version_key,
)
from ansible_collections.slipway.lab.plugins.module_utils.minikube.spec import Addon, Desired, Port
from ansible_collections.slipway.lab.plugins.module_utils.minikube.status import Node, Observed

CONFIG = {
    "Driver": "docker",
    "KicBaseImage": "kicbase:1",
    "CPUs": 2,
    "Memory": 4096,
    "Addons": {"dashboard": True},
    "KubernetesConfig": {
        "KubernetesVersion": "v1.35.1",
        "ContainerRuntime": "containerd",
        "CNI": "/etc/cni.yaml",
        "APIServerIPs": ["10.0.0.1"],
        "ExtraOptions": [{"Component": "kubelet", "Key": "max-pods", "Value": "50"}],
    },
}


def desired(**values) -> Desired:
    return Desired("lab", **{"install_addons": False, **values})


def node(short: str = "", **values) -> Node:
    found = {
        "container": "running",
        "volume": True,
        "machine": True,
        "kubelet": "Running",
        "version": "v1.35.1",
        "registered": True,
        "ready": True,
    }
    return Node(f"lab-{short}" if short else "lab", short, not short, **{**found, **values})


def observed(
    *workers: Node, state: str = "started", primary: Node | None = None, **values
) -> Observed:
    found = {"config": copy.deepcopy(CONFIG), "kubeconfig": "Configured", "kubeconfig_mode": 0o600}
    return Observed("lab", state, nodes=[primary or node(), *workers], **{**found, **values})


def kinds(*args) -> list[tuple[str, str]]:
    return [action.key for action in plan(*args)]


def test_nothing_to_do():
    full = desired(
        nodes=2,
        container_runtime="containerd",
        kubernetes_version="v1.35.1",
        memory="4g",
        cpus="2",
        base_image="kicbase:1",
        cni="/etc/cni.yaml",
        apiserver_ips=["10.0.0.1"],
        extra_config={"kubelet.max-pods": "50"},
        addons={"dashboard": Addon(True), "ingress": Addon(False)},
        insecure_registries=[],
        ports=[],
    )
    assert plan(full, observed(node("m02"))) == []


def test_what_is_not_declared_is_not_looked_at():
    assert plan(Desired("lab", install_addons=False), observed(node("m02"), node("m03"))) == []


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("driver", "podman"),
        ("container_runtime", "crio"),
        ("base_image", "kicbase:2"),
        ("cpus", "4"),
        ("memory", "8g"),
        ("memory", "no-limit"),
        ("cni", "calico"),
        ("listen_address", "0.0.0.0"),
        ("image_repository", "mirror/k8s"),
        ("insecure_registries", ["mirror:5000"]),
        ("registry_mirrors", ["http://mirror:5000"]),
        ("ports", [Port(30080, host_port=80)]),
        ("kubernetes_version", "v1.34.9"),
    ],
)
def test_what_needs_a_recreation_is_refused_or_done_when_allowed(option, value):
    with pytest.raises(Refusal, match="recreate: true") as caught:
        plan(desired(**{option: value}), observed())
    assert [change.option for change in caught.value.changes] == [option]
    assert kinds(desired(recreate=True, **{option: value}), observed()) == [
        ("delete", ""),
        ("create", ""),
    ]


def test_all_refused_changes_are_listed_together():
    with pytest.raises(Refusal) as caught:
        plan(desired(container_runtime="crio", memory="8g"), observed())
    assert "container_runtime: containerd -> crio; memory: 4096 -> 8192" in str(caught.value)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"kubernetes_version": "v1.36.0"}, "v1.35.1 -> v1.36.0"),
        ({"extra_config": {"kubelet.max-pods": "60"}}, "kubelet.max-pods=60"),
        ({"apiserver_ips": ["10.0.0.2"]}, "10.0.0.2"),
    ],
)
def test_what_a_start_applies(options, said):
    (action,) = plan(desired(**options), observed())
    assert action.kind == "start" and said in action.text


def test_changed_content_of_the_pod_network_is_applied():
    seen = observed(cni_digest="a" * 64)
    assert kinds(desired(cni="/new/cni.yaml"), seen, "b" * 64) == [("start", "")]
    assert plan(desired(cni="/new/cni.yaml"), seen, "a" * 64) == []


def test_nodes_come_and_go():
    assert kinds(desired(nodes=4), observed(node("m02"))) == [("add-node", "2"), ("add-node", "3")]
    seen = observed(node("m02"), node("m03"), node("m04"))
    assert kinds(desired(nodes=2), seen) == [("remove-node", "m04"), ("remove-node", "m03")]


def test_a_broken_worker_is_the_first_to_go():
    seen = observed(node("m02", container="missing"), node("m03"))
    assert kinds(desired(nodes=2), seen) == [("remove-node", "m02")]


def test_a_control_plane_is_never_removed():
    second = node("m02")
    second.control_plane = True
    with pytest.raises(Refusal, match="only worker nodes"):
        plan(desired(nodes=1), observed(second))


@pytest.mark.parametrize(
    ("damage", "action"),
    [
        ({"container": "missing"}, "rebuild-node"),
        ({"machine": False}, "rebuild-node"),
        ({"registered": False}, "rebuild-node"),
        ({"container": "exited", "kubelet": ""}, "start-node"),
        ({"kubelet": "Stopped"}, "start"),
    ],
)
def test_repair_of_a_worker(damage, action):
    assert [a.kind for a in plan(desired(nodes=2), observed(node("m02", **damage)))] == [action]


def test_start_of_a_stopped_cluster_leaves_a_lost_worker_out():
    seen = observed(
        node("m02", container="missing"),
        state="stopped",
        primary=node(container="exited", registered=None),
    )
    (action,) = plan(desired(nodes=2), seen)
    assert action.kind == "start" and action.data == {"without": ["m02"]}


def test_lost_control_plane():
    lost = node(container="missing", volume=False)
    with pytest.raises(Refusal, match="lab-m02"):
        plan(desired(), observed(node("m02"), state="lost", primary=lost))
    gone = observed(state="lost", primary=lost)
    assert kinds(desired(), gone) == [("delete", ""), ("create", "")]


def test_orphans():
    seen = Observed("lab", "orphaned", leftovers={"containers": ["lab"], "volumes": ["lab"]})
    with pytest.raises(Refusal, match="config.json is gone"):
        plan(desired(), seen)
    assert kinds(desired(recreate=True), seen) == [("delete", ""), ("create", "")]
    assert kinds(desired(state="absent"), seen) == [("delete", "")]


def test_stop_pause_and_their_way_back():
    assert kinds(desired(state="stopped"), observed()) == [("stop", "")]
    assert kinds(desired(state="stopped"), observed(state="paused")) == [
        ("unpause", ""),
        ("stop", ""),
    ]
    assert kinds(desired(state="paused"), observed()) == [("pause", "")]
    frozen = observed(
        node("m02", kubelet="Stopped"), state="paused", primary=node(kubelet="Stopped")
    )
    assert kinds(desired(state="paused"), frozen) == []
    half = observed(node("m02"), state="paused", primary=node(kubelet="Stopped"))
    assert kinds(desired(state="paused"), half) == [("pause", "")]
    assert kinds(desired(), observed(state="paused")) == [("unpause", "")]
    with pytest.raises(Refusal, match="nothing to stop"):
        plan(desired(state="stopped"), Observed("lab"))


def test_addons():
    seen = observed()
    seen.config["CustomAddonImages"] = {"Dashboard": "mine:1"}
    wanted = {"dashboard": Addon(True, {"Dashboard": "mine:1"}), "ingress": Addon(True)}
    assert kinds(desired(addons=wanted), seen) == [("enable-addon", "ingress")]
    wanted = {"dashboard": Addon(True, {"Dashboard": "mine:2"})}
    assert kinds(desired(addons=wanted), seen) == [("enable-addon", "dashboard")]
    assert kinds(desired(addons={"dashboard": Addon(False)}), seen) == [
        ("disable-addon", "dashboard")
    ]


def test_labels_and_taints():
    taint = {"key": "tier", "value": "x", "effect": "NoSchedule"}
    system = {"key": "node.kubernetes.io/not-ready", "effect": "NoExecute"}
    worker = node("m02", labels={"a": "1", "kept": "1"}, taints=[system])
    wanted = desired(
        node_labels={"lab-m02": {"a": "2", "gone": None}}, node_taints={"lab-m02": [taint]}
    )
    (action,) = plan(wanted, observed(worker))
    assert action.data == {"metadata": {"labels": {"a": "2"}}, "spec": {"taints": [system, taint]}}
    worker.labels["a"], worker.taints = "2", [taint]
    assert plan(wanted, observed(worker)) == []


def test_labels_of_a_node_that_is_not_there():
    with pytest.raises(Refusal, match="its nodes are lab, lab-m02"):
        plan(desired(nodes=2, node_labels={"m02": {"a": "1"}}), observed(node("m02")))
    # It will be there when the missing node is added.
    assert kinds(desired(nodes=2, node_labels={"lab-m02": {"a": "1"}}), observed()) == [
        ("add-node", "1")
    ]


def test_kubeconfig():
    assert kinds(desired(), observed(kubeconfig="Misconfigured")) == [("update-context", "")]
    assert kinds(desired(), observed(kubeconfig_mode=0o644)) == [("kubeconfig-mode", "")]


def test_prediction_names_the_nodes_that_minikube_will_number():
    seen = observed(node("m03"))
    wanted = desired(nodes=4)
    after = prediction(wanted, seen, plan(wanted, seen), "")
    assert after["nodes"] == ["lab", "lab-m03", "lab-m04", "lab-m05"]


def test_versions_are_ordered():
    ordered = ["v1.9.0", "v1.35.0-alpha.2", "v1.35.0-rc.1", "v1.35.0-rc.10", "v1.35.0", "v1.35.1"]
    assert sorted({*ordered}, key=version_key) == ordered
