from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.workload.describe.pods import (
    add_logs,
    add_use,
    pod_summary,
)
from support.objects import pod


def test_a_summary_has_place_state_and_containers():
    summary = pod_summary(pod())
    assert (summary["node"], summary["address"], summary["phase"]) == ("n1", "10.0.0.1", "Running")
    assert (summary["ready"], summary["restarts"], summary["problem"]) == (True, 2, "")
    assert summary["containers"][0]["image"] == "web:1"


def test_a_deleted_pod_is_terminating():
    deleted = pod(deletionTimestamp="2026-01-01T00:00:00Z")
    assert pod_summary(deleted)["phase"] == "Terminating"


def test_a_pod_without_status_has_an_empty_summary():
    summary = pod_summary({"metadata": {"name": "web-1", "namespace": "default"}})
    assert (summary["node"], summary["containers"], summary["ready"]) == ("", [], False)


def test_logs_that_cannot_be_read_are_empty(api, cluster):
    api.put("pods", pod())
    path = "/api/v1/namespaces/default/pods/web-1/log"
    api.answers[path] = lambda: (200, b"one\ntwo\n")
    summaries = [pod_summary(pod()), pod_summary(pod("web-2"))]
    add_logs(cluster.client, "default", summaries, 5)
    assert [summary["logs"]["web"] for summary in summaries] == [["one", "two"], []]


def test_without_lines_no_log_is_read(api, cluster):
    summary = pod_summary(pod())
    add_logs(cluster.client, "default", [summary], 0)
    assert "logs" not in summary and api.log == []


def test_use_is_added_where_it_is_known():
    summaries = [pod_summary(pod()), pod_summary(pod("web-2"))]
    usage = {"cpu": "1m"}
    add_use(
        summaries,
        [{"metadata": {"name": "web-1"}, "containers": [{"name": "web", "usage": usage}]}],
    )
    assert summaries[0]["use"] == {"web": usage} and "use" not in summaries[1]
