"""The lab on top of a cluster of kubeadm: the services with their data, and the lessons."""

import json
import urllib.request
import uuid
from urllib.parse import urlsplit

import pytest

from support.kubeadm_lab import KubeadmLab
from support.module_runner import run_module
from support.on_cluster import good, until
from support.stores import Stores

pytestmark = pytest.mark.long

LAB = "test-cluster-services"
NODES = ["cp1", "node1", "node2"]
WITH = ("--with", "monitoring,logging,registry")
# Longer than it takes on a machine that does much else.
PATIENCE = 180
# Claims about Docker and Minikube, which a lesson skips here.
SKIPPED = {
    "tutorial": {"cluster-runs"},
    "persistence": {
        "restart-keeps", "removal-forgets", "volume-keeps", "commit-keeps", "base-unchanged",
    },
    "cluster": {
        "node-added", "work-lands", "node-drained", "node-gone", "new-node-serves",
        "no-request-failed",
    },
    "state": set(),
    "scaling": set(),
    "deployment": set(),
    "discovery": set(),
    "observability": set(),
}  # fmt: skip


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    inventory = tmp_path_factory.mktemp("cluster") / "inventory"
    with KubeadmLab(LAB, inventory, hosts=NODES) as cluster:
        yield cluster


@pytest.fixture(scope="module")
def served(cluster):
    """The lab with its services, from no hosts in one run."""
    return cluster.json("up", *WITH)


@pytest.fixture(scope="module")
def stores(served):
    return Stores(next(page["url"] for page in served["pages"] if page["name"] == "Lab"))


@pytest.fixture
def namespace(cluster, served):
    name = f"slipway-test-{uuid.uuid4().hex[:8]}"
    cluster.kubectl("create", "namespace", name)
    yield name
    cluster.kubectl("delete", "namespace", name)


def asked(*path, cluster):
    """Return an object or a list of the cluster."""
    return json.loads(cluster.kubectl("get", *path, "-o", "json"))


def test_a_second_up_changes_nothing(cluster, served):
    assert sorted(cluster.nodes()) == NODES
    assert cluster.json("up", *WITH, "--check")["changed"] == 0
    assert cluster.json("up", *WITH)["changed"] == 0


def test_services_that_are_not_named_stay_with_their_pages(cluster, served):
    again = cluster.json("up")
    assert again["changed"] == 0 and again["pages"] == served["pages"]


def test_the_dns_of_the_cluster_runs_on_two_nodes(cluster, served):
    pods = ("pods", "-n", "kube-system", "-l", "k8s-app=kube-dns")
    nodes = cluster.kubectl("get", *pods, "-o", "jsonpath={.items[*].spec.nodeName}").split()
    assert len(nodes) == len(set(nodes)) == 2


def test_every_node_runs_exactly_what_was_pushed_to_the_registry(cluster, served, namespace):
    network = urlsplit(served["app"]["url"]).hostname.rsplit(".", 1)[0]
    options = {"files": {"/text": {"content": "one"}}, "entrypoint": ["/agnhost"]}
    options |= {"base": "e2e-test-images/agnhost:2.59", "name": "team/web:v1"}
    pushed = good(run_module("image", registry=f"{network}.1:5443", **options))["reference"]
    app = {"name": "web", "kind": "DaemonSet", "image": pushed, "args": ["netexec"]}
    everywhere = {"service_type": "none", "tolerations": [{"operator": "Exists"}]}
    access = {"kubeconfig": served["kubeconfig"], "namespace": namespace}
    good(run_module("workload", **access, **app, **everywhere))
    pods = asked("pods", "--namespace", namespace, cluster=cluster)["items"]
    images = {
        pod["spec"]["nodeName"]: pod["status"]["containerStatuses"][0]["imageID"] for pod in pods
    }
    assert images == dict.fromkeys(NODES, pushed)


def test_stores_have_volumes_of_the_default_class(cluster, served):
    [kind] = asked("storageclasses", cluster=cluster)["items"]
    assert kind["metadata"]["name"] == "slipway-storage"
    claims = asked("pvc", "--all-namespaces", cluster=cluster)["items"]
    found = {one["metadata"]["name"]: one["status"]["phase"] for one in claims}
    assert found == {"data-metrics-0": "Bound", "data-logs-0": "Bound"}


def test_a_default_class_of_others_stays_the_only_one(cluster, served, tmp_path):
    annotations = {"storageclass.kubernetes.io/is-default-class": "true"}
    own = {"apiVersion": "storage.k8s.io/v1", "kind": "StorageClass", "provisioner": "others"}
    manifest = tmp_path / "class.json"
    manifest.write_text(json.dumps(own | {"metadata": {"name": "own", "annotations": annotations}}))
    mark = ("annotate", "storageclass", "slipway-storage", "--overwrite")
    cluster.kubectl("apply", "-f", str(manifest))
    cluster.kubectl(*mark, "storageclass.kubernetes.io/is-default-class=false")
    try:
        assert cluster.json("up")["changed"] == 0
    finally:
        cluster.kubectl("delete", "-f", str(manifest))
        cluster.kubectl(*mark, "storageclass.kubernetes.io/is-default-class=true")


def test_the_store_of_logs_opens_no_port_of_the_nodes(cluster, served):
    service = asked("service", "logs", "--namespace", "logging", cluster=cluster)
    assert service["spec"]["type"] == "ClusterIP"


def test_top_knows_all_nodes(cluster, served):
    lines = cluster.kubectl("top", "nodes", "--no-headers").splitlines()
    assert sorted(line.split()[0] for line in lines) == NODES


def test_all_nodes_and_api_servers_are_measured(stores):
    query = "node:memory_used:ratio"
    until(lambda: sorted(one["metric"]["node"] for one in stores.metrics(query)) == NODES,
          patience=PATIENCE)  # fmt: skip
    until(lambda: stores.metrics('up{job="apiserver"} == 1'), patience=PATIENCE)
    until(lambda: stores.metrics("up == 0"), lambda down: down == [], PATIENCE)


def test_a_line_of_the_app_is_found_soon(served, stores):
    word = uuid.uuid4().hex
    with urllib.request.urlopen(f"{served['app']['url']}echo?msg={word}", timeout=10):
        pass
    until(lambda: stores.logs(f'_time:5m "{word}"'), patience=15)


def test_the_journals_of_all_hosts_are_found(stores):
    query = '_time:1d unit:="kubelet.service" | stats by (k8s.node.name) count() lines'
    until(lambda: sorted(one["k8s.node.name"] for one in stores.logs(query)) == NODES,
          patience=PATIENCE)  # fmt: skip


def test_stores_keep_their_data_when_their_pods_are_replaced(cluster, served, stores):
    word = uuid.uuid4().hex
    with urllib.request.urlopen(f"{served['app']['url']}echo?msg={word}", timeout=10):
        pass
    until(lambda: stores.logs(f'_time:5m "{word}"'), patience=15)
    [count] = stores.metrics("count(up)")
    for name in ("metrics", "logs"):
        space = ("--namespace", {"metrics": "monitoring", "logs": "logging"}[name])
        cluster.kubectl("delete", "pod", f"{name}-0", *space)
        cluster.kubectl("rollout", "status", f"statefulset/{name}", *space, "--timeout=180s")
    assert until(lambda: stores.logs(f'_time:15m "{word}"'), patience=60)
    [before] = until(lambda: stores.metrics(f"count(up @ {count['value'][0]})"), patience=60)
    assert before["value"][1] == count["value"][1]


@pytest.mark.parametrize("name", SKIPPED)
def test_a_lesson_passes_and_leaves_nothing(name, cluster, served):
    before = cluster.kubectl("get", "namespaces", "-o", "name")
    done = cluster.run("lesson", name, "--json")
    (told,) = json.loads(done.stdout)["lessons"]
    failed = [one for one in told["claims"] if one["passed"] is False]
    assert told["passed"] is True, (told["error"], failed)
    assert {one["name"] for one in told["claims"] if one["passed"] is None} == SKIPPED[name]
    assert cluster.kubectl("get", "namespaces", "-o", "name") == before
    assert sorted(cluster.nodes()) == NODES


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("cluster", "--break", "no-grace"), "adds with Minikube"),
        (("exam",), "in Docker on a host"),
    ],
)
def test_a_lesson_of_minikube_or_docker_is_refused_with_the_reason(words, reason, cluster, served):
    before = cluster.kubectl("get", "namespaces", "-o", "name")
    assert reason in cluster.refused("lesson", *words)
    assert cluster.kubectl("get", "namespaces", "-o", "name") == before


@pytest.fixture
def started(cluster, served):
    """Start lessons as a student; what they leave is seen after their end."""
    before = cluster.kubectl("get", "namespaces", "-o", "name")
    yield lambda *words: cluster.json("lesson", "start", *words)
    assert cluster.run("lesson", "end").returncode == 0
    assert cluster.kubectl("get", "namespaces", "-o", "name") == before


def test_a_student_does_a_task(cluster, started):
    """Of the nodes, those count on which pods run."""
    assert started("state", "--task", "every-node")["left_out"] == []
    assert cluster.run("lesson", "check", "--wait", "0").returncode == 1
    assert cluster.json("lesson", "solve")["checks"][0]["seen"] == "2/2"
    assert cluster.run("lesson", "check").returncode == 0


@pytest.mark.parametrize(
    ("name", "left_out"),
    [("state", []), ("scaling", []), ("cluster", ["router-gone"]), ("discovery", ["lead-outside"])],
)
def test_every_task_that_needs_no_minikube_behaves_as_declared(name, left_out, cluster, started):
    assert started(name)["left_out"] == left_out
    rehearsed = json.loads(cluster.run("lesson", "test", "--json").stdout)["rehearsed"]
    assert {one["task"]: one["problems"] for one in rehearsed if one["problems"]} == {}
    assert sorted(cluster.nodes()) == NODES


def test_tasks_that_need_docker_or_minikube_cannot_be_started(cluster, served):
    before = cluster.kubectl("get", "namespaces", "-o", "name")
    for words in (("exam",), ("cluster", "--task", "router-gone")):
        assert "need Minikube, or a host with Docker" in cluster.refused("lesson", "start", *words)
    assert cluster.kubectl("get", "namespaces", "-o", "name") == before


def test_up_changes_nothing_after_the_lessons(cluster, served):
    assert cluster.json("up", *WITH)["changed"] == 0
