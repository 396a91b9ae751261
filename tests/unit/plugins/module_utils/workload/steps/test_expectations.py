"""Tests of ``workload.steps.expectations``."""

from __future__ import annotations

import threading

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError, UnseenError
from ansible_collections.slipway.lab.plugins.module_utils.workload.steps.expectations import (
    expectations_of_each,
    wait_for_expectations,
)
from support.kube_fake import Refused
from support.objects import deployment

GONE = {"kind": "ConfigMap", "name": "x", "deleted": True}
FULL = {"kind": "ConfigMap", "name": "x", "path": ".data.a", "value": "1"}


def put(api, **data):
    metadata = {"name": "x", "namespace": "default"}
    api.put(
        "configmaps", {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": data}
    )


def test_the_task_waits_until_all_hold(api, context_of):
    context = context_of(wait_for=[FULL])
    threading.Timer(0.2, lambda: put(api, a="1")).start()
    wait_for_expectations(context)
    assert context.result.fields["waited_for"] == [
        {
            "expected": "ConfigMap default/x has the value 1 at .data.a",
            "state": ".data.a is 1",
            "met": True,
        }
    ]


@pytest.mark.slow
def test_what_does_not_hold_is_named_with_its_last_state(api, context_of):
    put(api, a="2")
    context = context_of(wait_for=[FULL, GONE], wait_timeout=1)
    with pytest.raises(
        KubeError, match=r"(?s)at .data.a .*.data.a is 2.*does not exist .*it exists"
    ):
        wait_for_expectations(context)
    assert [one["met"] for one in context.result.fields["waited_for"]] == [False, False]


@pytest.mark.slow
def test_what_cannot_be_seen_is_not_unmet_unless_another_is(api, context_of):
    def forbid(method, path):
        if "secrets" in path and "watch" in path:
            raise Refused(403, "Forbidden", "no secrets")

    put(api, a="2")
    api.faults.append(forbid)
    hidden = {**FULL, "kind": "Secret"}
    with pytest.raises(UnseenError, match="no secrets"):
        wait_for_expectations(context_of(wait_for=[hidden], wait_timeout=1))
    with pytest.raises(KubeError) as caught:
        wait_for_expectations(context_of(wait_for=[hidden, GONE], wait_timeout=1))
    assert not isinstance(caught.value, UnseenError)


def test_expectations_of_each_object_need_no_name():
    objects = [deployment(name) for name in "ab"]
    found = expectations_of_each([{"condition": "Available"}], objects)
    assert [one.text for one in found] == [
        "Deployment default/a has the condition Available=True",
        "Deployment default/b has the condition Available=True",
    ]
    with pytest.raises(KubeError, match="exactly one of condition"):
        expectations_of_each([{}], objects)
