"""The removal leaves no collector and no stored logs."""

import json

testinfra_hosts = ["ssh://debian13"]


def test_nothing_is_left_in_the_cluster(host):
    kinds = "namespaces,clusterroles,clusterrolebindings,persistentvolumes"
    with host.sudo("minikube"):
        answer = host.check_output(f"kubectl --context minikube get {kinds} -o json")
    names = [item["metadata"]["name"] for item in json.loads(answer)["items"]]
    assert [name for name in names if "logging" in name] == []


def test_the_host_keeps_its_journal(host):
    assert not host.package("systemd-journal-remote").is_installed
    for path in (
        "/etc/systemd/journal-upload.conf.d/slipway.conf",
        "/etc/systemd/system/systemd-journal-upload.service.d/slipway.conf",
        "/etc/systemd/system/slipway-logs.socket",
        "/etc/systemd/system/slipway-logs.service",
    ):
        assert not host.file(path).exists, path
    assert not host.socket("tcp://9428").is_listening
