from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.workload.lookup import (
    check_reference,
    find,
    find_all,
    pods_for,
    pods_of,
)
from support.objects import deployment, pod

REFERENCE = {"name": "web", "namespace": "default"}


def test_names_are_checked_before_a_request():
    check_reference(REFERENCE)
    with pytest.raises(KubeError, match="namespace: .*\n.*name: "):
        check_reference({"name": "Bad Name", "namespace": "A"})


def test_a_workload_is_found_without_its_kind(api, cluster):
    api.put("deployments", deployment())
    assert find(cluster.client, cluster.discovery, REFERENCE)["kind"] == "Deployment"


def test_a_missing_workload_is_an_error(cluster):
    with pytest.raises(KubeError, match="web in namespace default"):
        find(cluster.client, cluster.discovery, REFERENCE)


def test_a_name_of_two_workloads_needs_a_kind(api, cluster):
    api.put("deployments", deployment())
    api.put("statefulsets", {**deployment(), "kind": "StatefulSet"})
    with pytest.raises(KubeError, match="a Deployment and a StatefulSet; give kind"):
        find(cluster.client, cluster.discovery, REFERENCE)
    chosen = find(cluster.client, cluster.discovery, {**REFERENCE, "kind": "StatefulSet"})
    assert chosen["kind"] == "StatefulSet"


def test_pods_are_found_by_selector_and_sorted(api, cluster):
    for name in ("web-2", "web-1"):
        api.put("pods", pod(name))
    api.put("pods", pod("other", labels={"app.kubernetes.io/name": "other"}))
    pods = pods_of(cluster.client, deployment())
    assert [found["metadata"]["name"] for found in pods] == ["web-1", "web-2"]


def test_pods_of_a_cron_job_are_found_through_its_jobs(api, cluster):
    cron_job = {"kind": "CronJob", "metadata": {"namespace": "default", "uid": "u"}}
    selector = {"matchLabels": {"app.kubernetes.io/name": "web"}}
    for name, uid in (("mine", "u"), ("other", "x")):
        metadata = {"name": name, "namespace": "default", "ownerReferences": [{"uid": uid}]}
        spec = {"selector": selector if uid == "u" else {"matchLabels": {"a": "b"}}}
        api.put(
            "jobs", {"apiVersion": "batch/v1", "kind": "Job", "metadata": metadata, "spec": spec}
        )
    api.put("pods", pod())
    api.put("pods", pod("b", labels={"a": "b"}))
    assert [found["metadata"]["name"] for found in pods_of(cluster.client, cron_job)] == ["web-1"]


def test_pods_are_named_directly_or_by_labels(api, cluster):
    api.put("pods", pod())
    direct = {"namespace": "default", "pod": "web-1"}
    by_label = {"namespace": "default", "selector": "app.kubernetes.io/name=web"}
    for params in (direct, by_label):
        (found,) = pods_for(cluster.client, cluster.discovery, params)
        assert found["metadata"]["name"] == "web-1"
    with pytest.raises(KubeError, match="pod nope"):
        pods_for(cluster.client, cluster.discovery, {**direct, "pod": "nope"})


def test_all_workloads_of_a_selector(api, cluster):
    for name in ("a", "b"):
        api.put("deployments", deployment(name))
    params = {"namespace": "default", "selector": "app.kubernetes.io/name=b"}
    (found,) = find_all(cluster.client, cluster.discovery, params)
    assert (found["kind"], found["metadata"]["name"]) == ("Deployment", "b")
    assert find_all(cluster.client, cluster.discovery, {**params, "selector": "a=b"}) == []
