"""Filters for a cluster of kubeadm (roles/kubernetes)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from ansible_collections.slipway.lab.plugins.plugin_utils.kubeadm_certificates import certificates
from ansible_collections.slipway.lab.plugins.plugin_utils.kubeadm_departures import (
    departures,
    parse_nodes,
    replacement_problem,
)
from ansible_collections.slipway.lab.plugins.plugin_utils.kubeadm_members import (
    parse_members,
    restore_problem,
)
from ansible_collections.slipway.lab.plugins.plugin_utils.kubeadm_plan import (
    parse_host,
    plan,
    problems,
)
from ansible_collections.slipway.lab.plugins.plugin_utils.kubeadm_settings import (
    setting_plan,
    setting_problems,
)
from ansible_collections.slipway.lab.plugins.plugin_utils.kubeadm_upgrade import (
    upgrade_plan,
    upgrade_problems,
    version_problems,
)
from ansible_collections.slipway.lab.plugins.plugin_utils.kubeadm_virtual_address import (
    virtual_address_problems,
)

DOCUMENTATION = r"""
name: kubernetes
short_description: Filters for a cluster of kubeadm
description:
  - C(kubeadm_host) reads what was found on a host.
  - C(kubeadm_problems) returns what forbids a cluster on the hosts of a run.
  - C(kubeadm_plan) returns which hosts start the cluster and join it.
  - C(kubeadm_departures) returns which nodes leave the cluster.
  - C(kubeadm_replacement_problem) returns what forbids the replacement of control planes.
  - C(kubeadm_version_problems) returns what forbids a version of Kubernetes on the hosts of a run.
  - C(kubeadm_upgrade) returns which hosts get another version of Kubernetes, in which order.
  - C(kubeadm_upgrade_problems) returns what forbids an upgrade.
  - C(kubeadm_restore_problem) returns what forbids the restore of a snapshot of etcd.
  - C(kubeadm_certificates) returns what the certificates of a control plane need.
  - C(kubeadm_setting_problems) returns what forbids settings of the kubelets.
  - C(kubeadm_virtual_address_problems) returns why control planes cannot share an address.
  - C(kubeadm_setting_plan) returns which settings of kubelets or of kube-proxy change.
  - C(pod_network) returns the manifests of the pod network for a cluster.
"""


def pod_network(text: str, settings: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the objects of flannel for a cluster.

    Args:
        text: The manifests for Minikube, as YAML.
        settings: ``server`` and ``port`` of the API, ``network`` of the pods, ``backend`` and ``image``.
    """
    objects = [one for one in yaml.safe_load_all(text) if one]
    for one in objects:
        if one["kind"] == "ConfigMap":
            one["data"]["net-conf.json"] = (
                f'{{"Network": "{settings["network"]}", "EnableNFTables": false, '
                f'"Backend": {{"Type": "{settings["backend"]}"}}}}'
            )
        elif one["kind"] == "DaemonSet":
            spec = one["spec"]["template"]["spec"]
            for container in spec["initContainers"] + spec["containers"]:
                container["image"] = settings["image"]
            values = {
                "KUBERNETES_SERVICE_HOST": settings["server"],
                "KUBERNETES_SERVICE_PORT": str(settings["port"]),
            }
            for variable in spec["containers"][0]["env"]:
                if variable["name"] in values:
                    variable["value"] = values[variable["name"]]
    return objects


def kubeadm_departures(
    nodes: Sequence[str],
    members: Sequence[str],
    hosts: Mapping[str, Mapping[str, Any]],
    settings: Mapping[str, Any],
) -> dict[str, list[str]]:
    """Return which nodes leave the cluster (``departures``), from the lines of its nodes and of its members of etcd."""
    return departures(parse_nodes(nodes), parse_members(members)["members"], hosts, settings)


class FilterModule:
    """The filters by name."""

    def filters(self) -> dict[str, Any]:
        """Return the filters by name."""
        return {
            "kubeadm_host": parse_host,
            "kubeadm_problems": problems,
            "kubeadm_plan": plan,
            "kubeadm_departures": kubeadm_departures,
            "kubeadm_replacement_problem": replacement_problem,
            "kubeadm_version_problems": version_problems,
            "kubeadm_upgrade": upgrade_plan,
            "kubeadm_upgrade_problems": upgrade_problems,
            "kubeadm_restore_problem": restore_problem,
            "kubeadm_certificates": certificates,
            "kubeadm_setting_problems": setting_problems,
            "kubeadm_virtual_address_problems": virtual_address_problems,
            "kubeadm_setting_plan": setting_plan,
            "pod_network": pod_network,
        }
