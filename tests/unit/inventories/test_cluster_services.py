"""Needs of services, as the inventory of a cluster of kubeadm gives them."""

from __future__ import annotations

import pytest

from support.inventory import variable

MIRROR = {"registry": "10.213.0.1:5081", "ca": "/state/registry/ca.crt"}


@pytest.mark.slow
def test_nodes_trust_the_registry_and_the_mirror():
    assert variable("example_cluster", "kubernetes_registry_cas", slipway_mirror=MIRROR) == {
        "10.213.0.1:5081": "/state/registry/ca.crt",
        "10.213.0.1:5443": "/state/registry/ca.crt",
    }


@pytest.mark.slow
def test_nodes_trust_nothing_before_there_is_an_authority():
    assert (
        variable("example_cluster", "kubernetes_registry_cas", slipway_mirror={**MIRROR, "ca": ""})
        == {}
    )


@pytest.mark.slow
@pytest.mark.parametrize(("services", "needed"), [(["monitoring"], True), (["registry"], False)])
def test_services_that_store_data_bring_a_storage_class(services, needed, tmp_path):
    given = {"slipway_services": services, "slipway_state_dir": str(tmp_path)}
    assert variable("example_cluster", "kubernetes_storage", **given) is needed
