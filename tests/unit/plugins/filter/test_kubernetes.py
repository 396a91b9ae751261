"""Filters of the role kubernetes."""

import json
from pathlib import Path

from ansible_collections.slipway.lab.plugins.filter.kubernetes import FilterModule, pod_network

MANIFEST = (Path(__file__).resolve().parents[4] / "upstream/images/network/flannel.yml").read_text()
SETTINGS = {
    "server": "api.lab.internal",
    "port": "7443",
    "network": "10.245.0.0/16",
    "backend": "vxlan",
    "image": "example/flannel:v1",
}


def test_pod_network_of_a_cluster_has_its_settings_and_all_objects():
    objects = {one["kind"]: one for one in pod_network(MANIFEST, SETTINGS)}
    assert len(objects) == 6
    network = json.loads(objects["ConfigMap"]["data"]["net-conf.json"])
    assert network == {
        "Network": "10.245.0.0/16",
        "EnableNFTables": False,
        "Backend": {"Type": "vxlan"},
    }
    spec = objects["DaemonSet"]["spec"]["template"]["spec"]
    containers = spec["initContainers"] + spec["containers"]
    assert {one["image"] for one in containers} == {"example/flannel:v1"}
    values = {one["name"]: one.get("value") for one in spec["containers"][0]["env"]}
    assert values["KUBERNETES_SERVICE_HOST"] == "api.lab.internal"
    assert values["KUBERNETES_SERVICE_PORT"] == "7443"


def test_filters_have_their_names():
    assert FilterModule().filters().keys() == {
        "kubeadm_certificates",
        "kubeadm_departures",
        "kubeadm_host",
        "kubeadm_plan",
        "kubeadm_problems",
        "kubeadm_replacement_problem",
        "kubeadm_restore_problem",
        "kubeadm_setting_plan",
        "kubeadm_setting_problems",
        "kubeadm_upgrade",
        "kubeadm_upgrade_problems",
        "kubeadm_version_problems",
        "kubeadm_virtual_address_problems",
        "pod_network",
    }
