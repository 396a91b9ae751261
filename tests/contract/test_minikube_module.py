"""Contract of the module minikube through Ansible: check mode, diff, idempotence, repair, refusals, bad input."""

from __future__ import annotations

import json
import shutil
import socket
import stat

import pytest

from support.minikube_lab import Lab

pytestmark = pytest.mark.slow

TWO_NODES = {
    "nodes": 2,
    "container_runtime": "containerd",
    "install_addons": False,
    "preload": False,
}


@pytest.fixture
def lab(tmp_path):
    """A lab with nothing in it."""
    lab = Lab(tmp_path)
    yield lab
    lab.close()


@pytest.fixture
def cluster(lab):
    """A lab with two nodes."""
    result = lab.run(**TWO_NODES)
    assert result["changed"], result
    lab.calls()
    return lab


def test_create_then_nothing_more_to_do(lab):
    predicted = lab.run("minikube", "--check", "--diff", **TWO_NODES)
    assert predicted["changed"] and predicted["actions"] == ["Create the profile minikube"]
    assert predicted["diff"]["before"]["state"] == "absent"
    assert predicted["diff"]["after"]["nodes"] == ["minikube", "minikube-m02"]
    assert lab.calls() == [] and lab.read()["containers"] == {}

    made = lab.run("minikube", "--diff", progress_file=str(lab.directory / "progress"), **TWO_NODES)
    assert made["changed"] and [n["name"] for n in made["nodes"]] == ["minikube", "minikube-m02"]
    assert all(n["ready"] for n in made["nodes"])
    assert made["diff"]["after"]["nodes"] == predicted["diff"]["after"]["nodes"]
    lines = [json.loads(line) for line in (lab.directory / "progress").read_text().splitlines()]
    assert any(
        line["step"] == 19 and line["total"] == 19 and "Done" in line["message"] for line in lines
    )
    assert len(lab.calls()) == 1

    again = lab.run("minikube", "--diff", **TWO_NODES)
    assert not again["changed"] and again["actions"] == [] and lab.calls() == []
    assert again["diff"]["before"] == again["diff"]["after"]
    assert stat.S_IMODE(lab.kubeconfig.stat().st_mode) == 0o600


def test_through_the_program_ansible(lab):
    check, diff = {"check_mode": True}, {"diff": True}
    predicted, made, again = lab.run_through_ansible({**check, **diff}, {}, diff, **TWO_NODES)
    assert predicted["changed"] and predicted["diff"]["before"]["state"] == "absent"
    assert made["changed"] and made["nodes"]
    assert not again["changed"] and again["diff"]["before"]["state"] == "started"


def test_nodes_are_added_and_removed(cluster):
    predicted = cluster.run("minikube", "--check", "--diff", **{**TWO_NODES, "nodes": 4})
    assert predicted["diff"]["after"]["nodes"][2:] == ["minikube-m03", "minikube-m04"]
    grown = cluster.run(**{**TWO_NODES, "nodes": 4})
    assert [n["name"] for n in grown["nodes"]] == predicted["diff"]["after"]["nodes"]
    assert cluster.calls() == ["node add -p minikube"] * 2
    shrunk = cluster.run(**{**TWO_NODES, "nodes": 2})
    assert [n["name"] for n in shrunk["nodes"]] == ["minikube", "minikube-m02"]
    assert cluster.calls() == ["node delete m04 -p minikube", "node delete m03 -p minikube"]
    assert not cluster.run(**TWO_NODES)["changed"]


def test_stop_start_pause_unpause_delete(cluster):
    assert cluster.run(state="stopped")["profile"]["state"] == "stopped"
    assert not cluster.run(state="stopped")["changed"]
    assert cluster.run("minikube", "--check", **TWO_NODES)["actions"] == [
        "Start the cluster (it is stopped)"
    ]
    assert cluster.run(**TWO_NODES)["profile"]["state"] == "started"
    assert cluster.run(state="paused", **TWO_NODES)["profile"]["state"] == "paused"
    assert not cluster.run(state="paused", **TWO_NODES)["changed"]
    assert cluster.run(**TWO_NODES)["actions"] == ["Unpause the cluster"]
    assert cluster.run(state="absent")["changed"]
    assert not cluster.run(state="absent")["changed"]
    assert cluster.read()["containers"] == {} and cluster.read()["volumes"] == []


def test_addons_survive_what_minikube_forgets(lab):
    options = {
        **TWO_NODES,
        "addons": {
            "metrics-server": {
                "images": {"MetricsServer": "ms:1"},
                "registries": {"MetricsServer": "localhost"},
            }
        },
    }
    assert lab.run(**options)["profile"]["addons"] == ["metrics-server"]
    assert "addons enable metrics-server --images=MetricsServer=ms:1" in lab.calls()[-1]
    assert not lab.run(**options)["changed"]
    # `node add` marks every addon as disabled; the module puts it right in the same run.
    assert lab.run(**{**options, "nodes": 3})["profile"]["addons"] == ["metrics-server"]
    options["addons"] = {"metrics-server": False}
    assert lab.run(**{**options, "nodes": 3})["profile"]["addons"] == []


def test_labels_and_taints_of_nodes(cluster):
    taint = {"key": "tier", "value": "backend", "effect": "NoSchedule"}
    options = {
        **TWO_NODES,
        "node_labels": {"minikube-m02": {"tier": "backend"}},
        "node_taints": {"minikube-m02": [taint]},
    }
    assert cluster.run(**options)["changed"]
    node = cluster.read()["nodes"]["minikube-m02"]
    assert node["labels"] == {"tier": "backend"} and node["taints"] == [taint]
    assert not cluster.run(**options)["changed"]
    options["node_labels"]["minikube-m02"]["tier"] = None
    options["node_taints"]["minikube-m02"] = []
    assert cluster.run(**options)["changed"]
    assert cluster.read()["nodes"]["minikube-m02"]["labels"] == {}


def test_fixed_ports_go_to_the_control_plane_alone(lab):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    options = {**TWO_NODES, "ports": [f"127.0.0.1:{port}:30080"]}
    assert lab.run(**options)["changed"]
    containers = lab.read()["containers"]
    assert containers["minikube"]["ports"] == options["ports"]
    assert containers["minikube-m02"]["ports"] == []
    assert not lab.run(**options)["changed"]
    refused = lab.run(**{**options, "ports": [f"127.0.0.1:{port}:30081"]})
    assert refused["failed"] and refused["changes_refused"][0]["option"] == "ports"


def test_ports_are_added_to_a_running_cluster_and_removed(cluster):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    declared = [f"127.0.0.1:{port}:30080"]
    predicted = cluster.run("minikube", "--check", "--diff", **TWO_NODES, ports=declared)
    assert predicted["changed"] and predicted["diff"]["after"]["ports"] == [f"{declared[0]}/tcp"]
    assert cluster.read().get("forwards", {}) == {}
    made = cluster.run(**TWO_NODES, ports=declared)
    assert made["changed"] and made["profile"]["ports"] == [f"{declared[0]}/tcp"]
    assert list(cluster.read()["forwards"]) == [f"minikube-port-127.0.0.1-{port}-tcp"]
    assert not cluster.run(**TWO_NODES, ports=declared)["changed"]
    assert not cluster.run(**TWO_NODES)["changed"]  # without a declaration they stay
    assert cluster.run(**TWO_NODES, ports=[])["changed"]
    assert cluster.read()["forwards"] == {}
    cluster.run(**TWO_NODES, ports=declared)
    assert cluster.run(state="absent")["changed"] and cluster.read()["forwards"] == {}
    assert "start" not in str(cluster.calls())


def test_a_taken_port_is_named_before_anything_is_made(lab):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = lab.run(**{**TWO_NODES, "ports": [f"127.0.0.1:{port}:30080"]})
    assert (
        result["failed"] and f"{port} is in use" in result["msg"] and "ss -ltnup" in result["msg"]
    )
    assert lab.calls() == []


def test_changes_that_need_a_recreation_are_refused_with_before_and_after(cluster):
    changed = {
        **TWO_NODES,
        "container_runtime": "crio",
        "memory": "4g",
        "kubernetes_version": "v1.34.4",
    }
    refused = cluster.run("minikube", "--check", **changed)
    assert refused["failed"] and "recreate: true" in refused["msg"]
    assert {c["option"]: (c["before"], c["after"]) for c in refused["changes_refused"]} == {
        "container_runtime": ("containerd", "crio"),
        "memory": (3072, 4096),
        "kubernetes_version": ("v1.35.1", "v1.34.4"),
    }
    assert cluster.calls() == []
    made = cluster.run(recreate=True, **changed)
    assert made["profile"]["container_runtime"] == "crio" and made["profile"]["memory_mb"] == 4096
    assert not cluster.run(recreate=True, **changed)["changed"]


def test_extra_config_is_applied_by_a_start(cluster):
    changed = {**TWO_NODES, "extra_config": {"kubelet.max-pods": 50}}
    result = cluster.run(**changed)
    assert "kubelet.max-pods=50" in result["actions"][0]
    assert not cluster.run(**changed)["changed"]


def test_an_upgrade_goes_from_node_to_node(lab):
    lab.run(**TWO_NODES, kubernetes_version="v1.34.4", base_image="kicbase:1")
    lab.calls()
    changed = {**TWO_NODES, "kubernetes_version": "stable", "base_image": "kicbase:2"}
    predicted = lab.run("minikube", "--check", "--diff", **changed)
    assert predicted["diff"]["after"]["kubernetes_version"] == "v1.35.1"
    assert predicted["diff"]["after"]["base_image"] == "kicbase:2"
    result = lab.run(**changed)
    assert (
        result["actions"]
        == predicted["actions"]
        == [
            "Load the images of kicbase:2 into the nodes",
            "Upgrade the control plane (kubernetes_version: v1.34.4 -> v1.35.1)",
            "Upgrade the node minikube-m02 (v1.34.4 -> v1.35.1)",
        ]
    )
    first, second, restart = lab.calls()
    assert "--kubernetes-version=v1.35.1" in first and "--kubernetes-version=v1.35.1" in second
    assert restart.startswith("ssh --node=minikube-m02 -- sudo systemctl daemon-reload")
    assert not lab.run(**changed)["changed"]


def test_a_failed_upgrade_is_taken_back(lab):
    lab.run(**TWO_NODES, kubernetes_version="v1.34.4")
    lab.write(fail={"start": {"exitcode": "80", "name": "GUEST_START", "message": "no API server"}})
    failed = lab.run(**TWO_NODES, kubernetes_version="stable")
    assert "The return to v1.34.4 failed too" in failed["msg"]
    lab.write(fail={})
    assert lab.run(**TWO_NODES)["profile"]["kubernetes_version"] == "v1.34.4"


@pytest.mark.parametrize("damage", ["container", "member", "machine"])
def test_a_broken_worker_is_made_anew(cluster, damage):
    state = cluster.read()
    if damage == "container":
        del state["containers"]["minikube-m02"]
    elif damage == "member":
        del state["nodes"]["minikube-m02"]
    else:
        shutil.rmtree(cluster.home / ".minikube" / "machines" / "minikube-m02")
    cluster.write(**state)
    result = cluster.run(**TWO_NODES)
    verb = "Register" if damage == "member" else "Recreate"
    assert f"{verb} the node minikube-m02" in result["actions"][0], result
    restarts = ["node stop m02 -p minikube"] if damage == "member" else []
    assert cluster.calls() == [*restarts, "node start m02 -p minikube"]
    assert [n["ready"] for n in result["nodes"]] == [True, True]
    assert not cluster.run(**TWO_NODES)["changed"]


def test_a_stopped_cluster_without_its_worker_starts_and_gets_it_back(cluster):
    state = cluster.read()
    del state["containers"]["minikube-m02"]
    state["containers"]["minikube"]["status"] = "exited"
    cluster.write(**state)
    result = cluster.run(**TWO_NODES)
    assert [n["name"] for n in result["nodes"]] == ["minikube", "minikube-m02"]
    assert [n["ready"] for n in result["nodes"]] == [True, True]


def test_a_lost_control_plane_with_its_volume_is_configured_anew(cluster):
    state = cluster.read()
    del state["containers"]["minikube"]
    cluster.write(**state)
    result = cluster.run(**TWO_NODES)
    assert "container of the control plane is gone" in result["actions"][0]
    assert cluster.read()["runs"][-1][-1] == "/var/tmp/minikube/kubeadm.yaml"
    assert not cluster.run(**TWO_NODES)["changed"]


def test_a_half_paused_cluster_is_paused_whole_and_wakes_up(cluster):
    assert cluster.run(state="paused", **TWO_NODES)["changed"]
    assert cluster.run(**TWO_NODES)["actions"] == ["Unpause the cluster"]


def test_a_stopped_worker_is_started(cluster):
    state = cluster.read()
    state["containers"]["minikube-m02"]["status"] = "exited"
    cluster.write(**state)
    cluster.run(**TWO_NODES)
    assert cluster.read()["containers"]["minikube-m02"]["status"] == "running"


def test_a_worker_that_was_started_without_minikube_is_brought_back(cluster):
    cluster.write(forgetful=["minikube-m02"])
    result = cluster.run("minikube", "--check", **TWO_NODES)
    assert result["actions"] == [
        "Start the cluster (minikube-m02 was started without Minikube and does not find the control plane)"
    ]


def test_containers_without_a_configuration_are_not_deleted_silently(cluster):
    cluster.config_path.unlink()
    refused = cluster.run(**TWO_NODES)
    assert (
        refused["failed"]
        and "minikube-m02" in refused["msg"]
        and "recreate: true" in refused["msg"]
    )
    assert len(cluster.read()["containers"]) == 2
    assert cluster.run(recreate=True, **TWO_NODES)["profile"]["state"] == "started"


def test_a_configuration_that_a_kill_left_under_its_other_name_is_put_back(cluster):
    cluster.config_path.rename(cluster.config_path.with_name("config.json.tmp123"))
    result = cluster.run(**TWO_NODES)
    assert result["changed"] and "Restore config.json" in result["actions"][0]
    assert not cluster.run(**TWO_NODES)["changed"]


def test_a_configuration_without_anything_else_is_replaced(cluster):
    cluster.write(containers={}, volumes=[], nodes={})
    assert cluster.run(**TWO_NODES)["profile"]["state"] == "started"


def test_a_lost_control_plane_with_workers_left_is_refused(cluster):
    state = cluster.read()
    del state["containers"]["minikube"]
    cluster.write(containers=state["containers"], volumes=["minikube-m02"])
    refused = cluster.run(**TWO_NODES)
    assert refused["failed"] and "its volume are gone" in refused["msg"]
    gone = cluster.run(state="absent")
    assert gone["changed"] and cluster.read()["volumes"] == []


def test_failure_carries_advice_failed_units_and_kubelet_errors(lab):
    lab.run(**TWO_NODES)
    state = lab.read()
    state["containers"]["minikube"]["status"] = "exited"
    lab.write(
        containers={
            "minikube": state["containers"]["minikube"],
            "minikube-m02": state["containers"]["minikube-m02"],
        },
        exec={
            "systemctl": "containerd.service loaded failed failed containerd",
            "journalctl": 'E1123 23:00:00.000000  100 kubelet.go:1] "Failed" err="no CNI"\nI1123 fine',
        },
        fail={
            "start": {
                "exitcode": 80,
                "name": "GUEST_PROVISION",
                "message": "error provisioning guest",
                "advice": "Run minikube delete",
                "url": "https://minikube.sigs.k8s.io/x",
            }
        },
    )
    result = lab.run(**TWO_NODES)
    assert result["failed"] and "error provisioning guest" in result["msg"]
    assert "Run minikube delete" in result["msg"] and "no CNI" in result["msg"]
    assert result["minikube"]["id"] == "GUEST_PROVISION" and result["minikube"]["exitcode"] == 80
    assert result["diagnosis"]["minikube-m02"]["failed_units"] == ["containerd.service"]
    assert result["diagnosis"]["minikube"]["container"] == "exited"


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"nodes": 0}, ["nodes", "1 node or more"]),
        ({"nodes": "many"}, ["nodes", "int"]),
        ({"state": "running"}, ["state", "started, stopped, paused, absent"]),
        ({"knobs": 1}, ["knobs", "Supported parameters include"]),
        ({"profile": "a b"}, ["profile", "letters, digits and dashes"]),
        ({"memory": "1g"}, ["memory", "1800m"]),
        ({"kubernetes_version": "v1.99.0", "binary_mirror": "http://127.0.0.1:9"}, ["v1.99.0", "v1.28.0 to v1.35.1"]),
        ({"addons": {"metric-server": True}}, ["metric-server", "did you mean metrics-server"]),
        ({"base_image": "missing/image:1"}, ["missing/image:1", "cannot be pulled"]),
        ({"executable": "minikube-not-here"}, ["minikube-not-here", "not installed"]),
    ],
)  # fmt: skip
def test_bad_input_names_the_option_and_what_is_allowed(lab, options, named):
    result = lab.run(**options)
    assert result["failed"] and all(text in result["msg"] for text in named), result["msg"]
    assert lab.calls() == []


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ("permission denied while trying to connect to the Docker daemon socket", "group docker"),
        (
            "Cannot connect to the Docker daemon. Is the docker daemon running?",
            "systemctl start docker",
        ),
    ],
)
def test_docker_trouble_names_the_next_step(lab, said, named):
    lab.write(docker_error=said)
    result = lab.run(**TWO_NODES)
    assert result["failed"] and named in result["msg"], result["msg"]


def test_check_mode_works_before_minikube_is_installed(lab):
    result = lab.run("minikube", "--check", executable="minikube-not-here", **TWO_NODES)
    assert result["changed"]
