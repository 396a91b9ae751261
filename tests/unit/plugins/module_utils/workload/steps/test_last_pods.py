"""Tests of ``workload.steps.last_pods``."""

from __future__ import annotations

import threading
import time

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ObjectRef
from ansible_collections.slipway.lab.plugins.module_utils.kube.ops.scale import Scaling
from ansible_collections.slipway.lab.plugins.module_utils.workload.steps.last_pods import (
    wait_for_last_pods,
)
from support.kube_fake import Refused

LIVE = {"spec": {"selector": {"matchLabels": {"app": "web"}}}}
WEB = Scaling(ObjectRef("apps/v1", "Deployment", "default", "web"), 0, before=2, after=0, live=LIVE)


def put_pod(api, name, app="web", ending=True):
    metadata = {"name": name, "namespace": "default", "labels": {"app": app}}
    if ending:
        metadata |= {"deletionTimestamp": "2026-01-01T00:00:00Z", "finalizers": ["test/stay"]}
    api.put("pods", {"metadata": metadata})


def test_pods_that_still_work_are_awaited(api, cluster):
    put_pod(api, "web-1")
    put_pod(api, "other", app="other")
    put_pod(api, "web-2", ending=False)
    threading.Timer(0.3, api.remove, ("pods", "web-1")).start()
    started = time.monotonic()
    result = {}
    wait_for_last_pods(cluster, [WEB], result)
    assert time.monotonic() - started >= 0.25
    assert result == {}


def test_a_pod_that_does_not_end_is_named_at_the_deadline(api, cluster):
    put_pod(api, "web-1")
    with pytest.raises(KubeError, match="Pod default/web-1 still exists") as caught:
        wait_for_last_pods(cluster.within(0.3), [WEB], {"changed": True})
    assert caught.value.result["changed"]


def test_an_account_that_may_not_read_pods_gets_a_warning(api, cluster):

    def refuse(method, path):
        if "/pods" in path:
            raise Refused(403, "Forbidden", "pods is forbidden")

    api.faults.append(refuse)
    result = {}
    wait_for_last_pods(cluster, [WEB], result)
    assert "the end of pods is not awaited" in result["warnings"][0]
