"""Tests of ``kube.apply.deletion_wait``."""

from __future__ import annotations

import threading

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.common.deadline import Deadline
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.deletion_wait import (
    wait_until_deleted,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ObjectRef
from support.objects import deployment, pod

WEB = ObjectRef("apps/v1", "Deployment", "default", "web")


@pytest.fixture
def wait(client, discovery):
    resource = discovery.require("apps/v1", "Deployment")
    return lambda answer, seconds: wait_until_deleted(
        client, resource, WEB, answer, Deadline(seconds)
    )


def test_the_wait_ends_when_the_object_is_gone(api, wait):
    stored = api.put("deployments", deployment())
    timer = threading.Timer(0.3, api.remove, ("deployments", "web"))
    timer.start()
    wait(stored, 5)
    timer.join()


def test_a_successor_of_the_same_name_ends_the_wait(api, wait):
    api.put("deployments", {**deployment(), "metadata": {**deployment()["metadata"], "uid": "new"}})
    wait({"details": {"uid": "old"}}, 5)


def test_blockers_are_named_at_the_deadline(api, wait):
    blocked = deployment()
    blocked["metadata"]["finalizers"] = ["example.com/hold"]
    stored = api.put("deployments", blocked)
    api.put("pods", pod())
    with pytest.raises(KubeError) as caught:
        wait(stored, 0.5)
    assert "finalizers example.com/hold" in str(caught.value)
    assert "1 pods have not ended: web-1" in str(caught.value)
