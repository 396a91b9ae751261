"""Settings of a running cluster of kubeadm: options of API servers, settings of kubelets and of kube-proxy."""

import json

import pytest
import yaml

from support.cluster import answers, container, docker, load_on_api, manifests
from support.kubeadm_lab import ADDRESSES, CONTROL_PLANES
from support.load import Load

pytestmark = pytest.mark.long


def options(**values):
    """Return the words of the command that declare options of the API servers."""
    return "-e", json.dumps({"kubernetes_api_server_options": values})


def arguments(host):
    """Return the options with which the API server of a host runs."""
    found = "tr '\\0' '\\n' </proc/$(pgrep -xo kube-apiserver)/cmdline"
    return docker("exec", container(host), "sh", "-c", found).split("\n")


@pytest.fixture(scope="module")
def lab(cluster):
    return cluster.json("up", *options(**{"event-ttl": "2h"}))


@pytest.fixture
def api(lab):
    """Load on the API through the proxies of two nodes."""
    return load_on_api(lab)


def test_other_options_reach_all_api_servers_and_no_request_fails(cluster, api):
    declared = options(profiling=False, **{"event-ttl": "3h"})
    before = manifests()
    assert cluster.json("up", *declared, "--check")["changed"] > 0
    assert manifests() == before
    with api:
        cluster.json("up", *declared)
    assert api.requests > 100 and api.failures == []
    for host in CONTROL_PLANES:
        assert {"--profiling=false", "--event-ttl=3h"} <= set(arguments(host))
    assert cluster.json("up", *declared)["changed"] == 0


def test_options_that_others_set_stay_and_declared_ones_are_removed(cluster, lab):
    command = ("-n", "kube-system", "configmap", "kubeadm-config")
    found = json.loads(cluster.kubectl("get", *command, "-o", "json"))["data"]
    configuration = yaml.safe_load(found["ClusterConfiguration"])
    theirs = {"name": "max-requests-inflight", "value": "500"}
    configuration["apiServer"].setdefault("extraArgs", []).append(theirs)
    patch = json.dumps({"data": {"ClusterConfiguration": yaml.safe_dump(configuration)}})
    cluster.kubectl("patch", *command, "--patch", patch)
    cluster.json("up", *options(profiling=False))
    for host in CONTROL_PLANES:
        found = arguments(host)
        assert {"--profiling=false", "--max-requests-inflight=500"} <= set(found)
        assert not [one for one in found if one.startswith("--event-ttl")]


def test_a_wrong_option_is_put_back_and_named(cluster, api):
    cluster.json("up", *options(profiling=False))
    before = manifests()
    wrong = options(**{"audit-policy-file": "/nowhere.yml", "audit-log-path": "-"})
    with api:
        said = cluster.refused("up", *wrong)
    assert "cp1: the API server did not get ready" in said and "/nowhere.yml" in said
    assert api.failures == []
    assert manifests() == before
    assert "cannot be declared" in cluster.refused("up", *options(**{"secure-port": 443}))
    cluster.json("up", *options(profiling=False))
    assert manifests() == before
    assert cluster.json("up", *options(profiling=False))["changed"] == 0


def settings(cluster, **values):
    """Return the words of the command that declare settings of the kubelets besides those of the inventory."""
    path = cluster.inventory / "group_vars/all/kubernetes.yml"
    declared = yaml.safe_load(path.read_text())["kubernetes_kubelet"]
    return (
        *options(profiling=False),
        "-e",
        json.dumps({"kubernetes_kubelet": {**declared, **values}}),
    )


def proxies(cluster):
    """Return the settings of kube-proxy, and the uids of its pods."""
    read = ("-n", "kube-system", "get", "-o")
    conf = cluster.kubectl(*read, "jsonpath={.data.config\\.conf}", "configmap", "kube-proxy")
    uids = "jsonpath={.items[*].metadata.uid}"
    return conf, set(cluster.kubectl(*read, uids, "pods", "-l", "k8s-app=kube-proxy").split())


def pods(cluster):
    """Return the pods with the starts of their containers."""
    starts = "{.status.containerStatuses[*].restartCount}"
    template = f'{{range .items[*]}}{{.metadata.uid}} {starts}{{"\\n"}}{{end}}'
    return sorted(cluster.kubectl("get", "pods", "-A", "-o", f"jsonpath={template}").splitlines())


def limits(cluster):
    """Return how many pods each kubelet takes."""
    template = "{range .items[*]}{.metadata.name}={.status.capacity.pods} {end}"
    found = cluster.kubectl("get", "nodes", "-o", f"jsonpath={template}").split()
    return dict(one.split("=") for one in found)


def test_other_settings_reach_all_kubelets_and_pods_run_on(cluster, api):
    declared = settings(cluster, maxPods=60, syncFrequency="60s", serverTLSBootstrap=False)
    before = pods(cluster)
    assert cluster.json("up", *declared, "--check")["changed"] > 0
    assert limits(cluster) == dict.fromkeys(ADDRESSES, "110")
    with api:
        cluster.json("up", *declared)
    assert api.requests > 100 and api.failures == []
    assert limits(cluster) == dict.fromkeys(ADDRESSES, "60")
    assert pods(cluster) == before
    assert cluster.json("up", *declared)["changed"] == 0


def test_a_wrong_setting_is_put_back_and_named(cluster, lab):
    declared = settings(cluster, maxPods=60)
    cluster.json("up", *declared)
    said = cluster.refused("up", *settings(cluster, maxPods=60, cpuManagerPolicy="nonsense"))
    assert "the kubelet does not work with the new settings" in said and "nonsense" in said
    command = ("get", "configmap", "kubelet-config", "-n", "kube-system", "-o", "yaml")
    assert "nonsense" not in cluster.kubectl(*command)
    assert sorted(cluster.nodes()) == sorted(ADDRESSES)
    assert limits(cluster) == dict.fromkeys(ADDRESSES, "60")
    cluster.json("up", *declared)
    assert cluster.json("up", *declared)["changed"] == 0


def test_other_settings_of_kube_proxy_reach_all_nodes(cluster, lab):
    kept = settings(cluster, maxPods=60)
    given = {"conntrack": {"maxPerCore": 0}, "iptables": {"syncPeriod": "61s"}}
    declared = (*kept, "-e", json.dumps({"kubernetes_proxy": given}))
    before = proxies(cluster)
    assert cluster.json("up", *declared, "--check")["changed"] > 0
    assert proxies(cluster) == before
    with Load(lab["app"]["url"]) as app:
        cluster.json("up", *declared)
    assert app.requests > 100 and app.failures == []
    conf, uids = proxies(cluster)
    assert "syncPeriod: 1m1s" in conf
    assert len(uids) == len(ADDRESSES) and not uids & before[1]
    assert cluster.json("up", *declared)["changed"] == 0


def test_wrong_settings_of_kube_proxy_are_put_back(cluster, lab):
    kept = settings(cluster, maxPods=60)
    wrong = json.dumps({"kubernetes_proxy": {"conntrack": {"maxPerCore": 0}, "mode": "nonsense"}})
    short = ("-e", "kubernetes_timeout=120")
    said = cluster.refused("up", *kept, *short, "-e", wrong)
    assert "kube-proxy does not work on all nodes" in said
    assert "nonsense" not in proxies(cluster)[0]
    cluster.json("up", *kept)
    assert answers(lab["app"]["url"])
    assert cluster.json("up", *kept)["changed"] == 0
