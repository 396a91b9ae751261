"""The removal leaves no part of monitoring in the cluster or on the host."""

import json

testinfra_hosts = ["ssh://debian13"]


def test_nothing_is_left_in_the_cluster(host):
    kinds = "namespaces,apiservices,clusterroles,clusterrolebindings,persistentvolumes"
    with host.sudo("minikube"):
        answer = host.check_output(f"kubectl --context minikube get {kinds} -o json")
        pods = host.check_output("kubectl --context minikube get pods,secrets -A -o name")
    names = [item["metadata"]["name"] for item in json.loads(answer)["items"]]
    # Kubernetes has a built-in role system:monitoring.
    ours = ("monitoring", "metrics-server", "system:metrics-server", "v1beta1.metrics")
    assert [name for name in names if name.startswith(ours)] == []
    assert "metrics-server" not in pods


def test_the_host_has_no_exporter(host):
    assert not host.package("prometheus-node-exporter").is_installed
    assert not host.file("/etc/default/prometheus-node-exporter").exists
