"""Tests of ``workload.tasks.delete``."""

from __future__ import annotations

import threading

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.workload.tasks.delete import (
    delete_selected,
)
from support.kube_fake import Refused

OPTIONS = {
    "kind": "ConfigMap", "all_namespaces": False, "all": False, "at_most": 100, "remove_data": False,
    "propagation": "foreground", "grace_period": None, "wait": True, "wait_timeout": 5,
}  # fmt: skip


@pytest.fixture
def run(api, module_of):
    def run(check=False, **options):
        return delete_selected(module_of(check, **{**OPTIONS, **options}))

    return run


def put(api, name, **metadata):
    metadata = {"name": name, "namespace": "default", "labels": {"team": "a"}, **metadata}
    return api.put("configmaps", {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata})


def test_objects_that_do_not_exist_are_no_error(api, run):
    put(api, "one")
    assert [one["name"] for one in run(names=["one", "none"])["objects"]] == ["one"]
    assert not run(names=["one", "none"])["changed"]


@pytest.mark.parametrize(
    ("options", "sent"),
    [
        ({}, {"propagationPolicy": "Foreground"}),
        ({"propagation": "orphan", "grace_period": 0},
         {"propagationPolicy": "Orphan", "gracePeriodSeconds": 0}),
    ],
)  # fmt: skip
def test_options_of_the_deletion_are_sent(api, run, options, sent):
    uid = put(api, "one")["metadata"]["uid"]
    run(name="one", **options)
    assert api.deletions == [{**sent, "preconditions": {"uid": uid}}]


def test_a_successor_of_another_client_stays(api, run):
    put(api, "one")

    def replace(method, path):
        if method == "DELETE" and len(api.deletions) == 0 and api.faults:
            api.faults.clear()
            api.remove("configmaps", "one")
            put(api, "one")

    api.faults.append(replace)
    with pytest.raises(KubeError, match="was deleted and created again by another client"):
        run(name="one")
    assert api.get("configmaps", "one")


def test_a_successor_after_a_lost_answer_stays_too(api, run, monkeypatch):
    put(api, "one")

    def lose(method, path):
        if method == "DELETE":
            api.losses.clear()
            put(api, "one")
            raise ConnectionAbortedError

    api.losses.append(lose)
    assert run(name="one")["changed"]
    assert api.get("configmaps", "one") and len(api.deletions) == 1


def test_the_task_waits_until_all_are_gone(api, run):
    for name in ("one", "two"):
        put(api, name, finalizers=["example.com/hold"])
    timers = [
        threading.Timer(0.2 * number, api.remove, ("configmaps", name))
        for number, name in enumerate(("one", "two"), 1)
    ]
    for timer in timers:
        timer.start()
    assert run(label_selector="team=a")["changed"]
    assert not api.get("configmaps", "one") and not api.get("configmaps", "two")


def test_finalizers_that_hold_an_object_are_named(api, run):
    for name in ("one", "two"):
        put(api, name, finalizers=["example.com/hold"])
    with pytest.raises(KubeError, match="two still exists; finalizers example.com/hold") as caught:
        run(label_selector="team=a", wait_timeout=0.3)
    assert caught.value.result["changed"] and len(caught.value.result["objects"]) == 2
    again = run(label_selector="team=a", wait=False)
    assert not again["changed"] and len(api.deletions) == 2
    assert run(label_selector="team=a", wait=False, grace_period=0)["changed"]


def test_data_stays_unless_it_is_to_be_removed(api, run):
    metadata = {"name": "data", "namespace": "default"}
    claim = {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": metadata}
    api.put("persistentvolumeclaims", claim)
    with pytest.raises(KubeError, match="set remove_data: true"):
        run(kind="PersistentVolumeClaim", name="data")
    assert not api.writes
    assert run(kind="PersistentVolumeClaim", name="data", remove_data=True)["changed"]


def test_a_refusal_reports_what_was_deleted(api, run):
    for name in ("one", "two"):
        put(api, name)

    def refuse(method, path):
        if method == "DELETE" and path.endswith("two"):
            raise Refused(403, "Forbidden", "not this one")

    api.faults.append(refuse)
    with pytest.raises(
        KubeError, match="ConfigMap default/two: not allowed.*not this one"
    ) as caught:
        run(names=["one", "two"])
    result = caught.value.result
    assert result["changed"] and [one["name"] for one in result["objects"]] == ["one"]
    assert [one["name"] for one in result["errors"]] == ["two"]
