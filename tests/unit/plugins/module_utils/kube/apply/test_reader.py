"""Tests of ``kube.apply.reader``."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.reader import (
    MIN_FOR_LIST,
    read_live,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ObjectRef
from support.kube_fake import Refused


def refs(number):
    return [ObjectRef("v1", "ConfigMap", "default", f"c{index}") for index in range(number)]


@pytest.fixture
def filled(api):
    for ref in refs(9):
        if ref.name != "c1":
            api.put("configmaps", {"metadata": {"name": ref.name, "namespace": "default"}})
    return api


@pytest.mark.parametrize("number", [2, MIN_FOR_LIST + 1])
def test_existing_objects_are_returned(filled, client, discovery, number):
    wanted = refs(number)
    found = read_live(client, discovery, wanted)
    assert set(found) == set(wanted) - {wanted[1]}


def test_many_objects_are_read_with_one_request(filled, client, discovery):
    discovery.require("v1", "ConfigMap")
    before = client.requests
    found = read_live(client, discovery, refs(9))
    assert client.requests == before + 1
    assert found[refs(1)[0]]["kind"] == "ConfigMap"  # lists omit it


def test_unknown_kinds_do_not_exist(client, discovery):
    assert (
        read_live(client, discovery, [ObjectRef("example.com/v1", "Thing", "default", "x")]) == {}
    )


def test_a_refusal_is_an_error(filled, client, discovery):
    def refuse(method, path):
        if path.endswith("/c0"):
            raise Refused(403, "Forbidden", "not allowed")

    discovery.require("v1", "ConfigMap")
    filled.faults.append(refuse)
    with pytest.raises(KubeError, match="not allowed"):
        read_live(client, discovery, refs(2))


def test_an_account_that_may_not_list_reads_the_objects_that_it_names(filled, client, discovery):
    def refuse(method, path):
        if path.partition("?")[0].endswith("/configmaps"):
            raise Refused(403, "Forbidden", "not allowed")

    filled.faults.append(refuse)
    wanted = refs(MIN_FOR_LIST)
    assert set(read_live(client, discovery, wanted)) == set(wanted) - {wanted[1]}


def test_another_refusal_of_a_list_is_an_error(filled, client, discovery):
    def refuse(method, path):
        if path.partition("?")[0].endswith("/configmaps"):
            raise Refused(401, "Unauthorized", "expired")

    filled.faults.append(refuse)
    with pytest.raises(KubeError, match="401 Unauthorized"):
        read_live(client, discovery, refs(MIN_FOR_LIST))
