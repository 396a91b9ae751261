"""Filters for the API servers of the role kubernetes."""

from ansible_collections.slipway.lab.plugins.filter.kubernetes_api_server import FilterModule


def test_filters_have_their_names():
    assert FilterModule().filters().keys() == {
        "kubeadm_audit_problems",
        "kubeadm_encryption_plan",
        "kubeadm_encryption_problems",
        "kubeadm_former_key_reasons",
        "kubeadm_option_plan",
        "kubeadm_option_problems",
        "kubeadm_options",
        "kubeadm_server_configuration",
        "kubeadm_service_account_plan",
        "kubeadm_service_account_problems",
    }
