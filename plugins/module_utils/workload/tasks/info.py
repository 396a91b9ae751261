"""Describe workloads: the work of the ``workload_info`` module."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.kube.client import KubeClient
from ansible_collections.slipway.lab.plugins.module_utils.kube.discovery import Discovery
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.workload.describe.workload import (
    describe_workload,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.lookup import (
    check_reference,
    find_all,
)


def describe_workloads(module) -> dict:
    """Describe each workload that the parameters name.

    Raises:
        KubeError: The parameters have a mistake, or the API server refused to list the workloads.
    """
    check_reference(module.params)
    if module.params["log_lines"] < 0:
        raise KubeError("log_lines: a number from 0")
    client = KubeClient(module.params)
    found = find_all(client, Discovery(client), module.params)
    return {
        "workloads": [
            describe_workload(client, workload, module.params["log_lines"]) for workload in found
        ]
    }
