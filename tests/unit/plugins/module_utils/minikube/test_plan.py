"""Tests of ``minikube.plan``."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.minikube.actions import Refusal
from ansible_collections.slipway.lab.plugins.module_utils.minikube.observed import Observed
from ansible_collections.slipway.lab.plugins.module_utils.minikube.plan import plan
from ansible_collections.slipway.lab.plugins.module_utils.minikube.ports import Port
from ansible_collections.slipway.lab.plugins.module_utils.minikube.spec import Addon, Desired
from support.minikube_profile import desired, node, observed


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


def test_options_that_are_not_declared_are_not_compared():
    assert plan(Desired("lab", install_addons=False), observed(node("m02"), node("m03"))) == []


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("driver", "podman"),
        ("container_runtime", "crio"),
        ("cpus", "4"),
        ("memory", "8g"),
        ("memory", "no-limit"),
        ("cni", "calico"),
        ("listen_address", "0.0.0.0"),
        ("image_repository", "mirror/k8s"),
        ("insecure_registries", ["mirror:5000"]),
        ("registry_mirrors", ["http://mirror:5000"]),
        ("ports", [Port(30080, "sctp", host_port=80)]),
        ("kubernetes_version", "v1.34.9"),
    ],
)
def test_a_recreation_is_refused_unless_it_is_allowed(option, value):
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
    ("options", "text"),
    [
        ({"extra_config": {"kubelet.max-pods": "60"}}, "kubelet.max-pods=60"),
        ({"apiserver_ips": ["10.0.0.2"]}, "10.0.0.2"),
    ],
)
def test_changes_that_a_start_applies(options, text):
    (action,) = plan(desired(**options), observed())
    assert action.kind == "start" and text in action.text


def test_an_upgrade_begins_with_the_images_and_goes_on_node_after_node():
    wanted = desired(kubernetes_version="v1.36.0", base_image="kicbase:2", nodes=4)
    seen = observed(node("m02"), node("m03", container="exited"), node("m04", version="v1.36.0"))
    assert kinds(wanted, seen) == [("start-node", "m03")]
    seen.nodes[2].container = "running"
    seen.nodes[2].registered = False
    assert kinds(wanted, seen) == [("adopt-image", ""), ("upgrade", ""), ("upgrade-node", "m02")]
    assert "v1.35.1 -> v1.36.0" in plan(wanted, seen)[1].text


def test_a_cluster_that_does_not_run_is_started_before_its_upgrade():
    wanted = desired(kubernetes_version="v1.36.0", base_image="kicbase:2")
    seen = observed(state="stopped", primary=node(container="exited", registered=None))
    assert kinds(wanted, seen) == [("start", "")]


def test_another_base_image_keeps_the_cluster():
    assert kinds(desired(base_image="kicbase:2"), observed()) == [("adopt-image", "")]


def test_an_upgrade_that_was_killed_goes_on():
    seen = observed(node("m02"), node("m03", drained=True, version="v1.36.0"))
    seen.config["KubernetesConfig"]["KubernetesVersion"] = "v1.36.0"
    wanted = desired(kubernetes_version="v1.36.0")
    upgrades = [("upgrade-node", "m02"), ("upgrade-node", "m03")]
    assert kinds(wanted, seen) == [("upgrade", ""), *upgrades]
    seen.primary.version = "v1.36.0"
    assert kinds(desired(), seen) == upgrades


def test_an_upgrade_that_skips_a_minor_version_is_refused_with_the_next_one():
    with pytest.raises(Refusal, match="declare v1.36 first"):
        plan(desired(kubernetes_version="v1.37.0"), observed())
    wanted = desired(kubernetes_version="v1.37.0", recreate=True)
    assert kinds(wanted, observed()) == [("delete", ""), ("create", "")]


def test_changed_content_of_the_pod_network_is_applied():
    seen = observed(cni_digest="a" * 64)
    assert kinds(desired(cni="/new/cni.yaml"), seen, "b" * 64) == [("start", "")]
    assert plan(desired(cni="/new/cni.yaml"), seen, "a" * 64) == []


@pytest.mark.parametrize(
    ("damage", "action"),
    [
        ({"container": "missing"}, "rebuild-node"),
        ({"machine": False}, "rebuild-node"),
        ({"registered": False}, "rejoin-node"),
        ({"registered": False, "container": "exited"}, "rebuild-node"),
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
    assert kinds(desired(state="absent"), seen) == []
    assert kinds(desired(state="absent", recreate=True), seen) == [("delete", "")]


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


def test_kubeconfig():
    assert kinds(desired(), observed(kubeconfig="Misconfigured")) == [("update-context", "")]
    assert kinds(desired(), observed(kubeconfig_mode=0o644)) == [("kubeconfig-mode", "")]


def test_a_port_is_published_while_the_cluster_runs():
    wanted = desired(ports=[Port(30080, host_port=80)])
    (action,) = plan(wanted, observed())
    assert (action.kind, action.text) == (
        "publish-ports", "Change the published ports: [] -> [80:30080/tcp]",
    )  # fmt: skip
    assert plan(wanted, observed(forwards={("", "80", "30080/tcp")})) == []


def test_what_publishes_ports_is_removed_with_the_profile():
    left = Observed("lab", forwards={("", "80", "30080/tcp")})
    assert kinds(desired(state="absent"), left) == [("delete", "")]
