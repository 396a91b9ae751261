"""Filters for the API servers of a cluster of kubeadm (roles/kubernetes)."""

from __future__ import annotations

from typing import Any

from ansible_collections.slipway.lab.plugins.plugin_utils.kubeadm_audit import audit_problems
from ansible_collections.slipway.lab.plugins.plugin_utils.kubeadm_encryption import (
    encryption_plan,
    encryption_problems,
)
from ansible_collections.slipway.lab.plugins.plugin_utils.kubeadm_options import (
    declared_options,
    option_plan,
    option_problems,
    server_configuration,
)
from ansible_collections.slipway.lab.plugins.plugin_utils.kubeadm_service_account import (
    former_key_reasons,
    service_account_plan,
    service_account_problems,
)

DOCUMENTATION = r"""
name: kubernetes_api_server
short_description: Filters for the API servers of a cluster of kubeadm
description:
  - C(kubeadm_options) returns declared options as the API server takes them.
  - C(kubeadm_option_problems) returns what forbids options of the API servers.
  - C(kubeadm_option_plan) returns which API servers get other options.
  - C(kubeadm_server_configuration) returns declared options as kubeadm takes them, with the volumes that they need.
  - C(kubeadm_audit_problems) returns what forbids a policy of the audit log.
  - C(kubeadm_encryption_problems) returns what forbids the encryption of resources.
  - C(kubeadm_encryption_plan) returns the steps to the declared encryption of resources.
  - C(kubeadm_service_account_problems) returns what forbids the name of a key of service accounts.
  - C(kubeadm_service_account_plan) returns the next step to the declared key of service accounts.
  - C(kubeadm_former_key_reasons) returns why a former key of service accounts cannot go yet.
"""


class FilterModule:
    """The filters by name."""

    def filters(self) -> dict[str, Any]:
        """Return the filters by name."""
        return {
            "kubeadm_options": declared_options,
            "kubeadm_option_problems": option_problems,
            "kubeadm_option_plan": option_plan,
            "kubeadm_server_configuration": server_configuration,
            "kubeadm_audit_problems": audit_problems,
            "kubeadm_encryption_problems": encryption_problems,
            "kubeadm_encryption_plan": encryption_plan,
            "kubeadm_service_account_problems": service_account_problems,
            "kubeadm_service_account_plan": service_account_plan,
            "kubeadm_former_key_reasons": former_key_reasons,
        }
