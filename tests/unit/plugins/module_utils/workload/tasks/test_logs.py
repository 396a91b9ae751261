from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.workload.tasks.logs import (
    log_pattern,
    log_query,
    read_logs,
)
from support.objects import pod

OPTIONS = {
    "tail": 100, "since": None, "grep": None, "previous": False, "timestamps": False, "all_containers": False,
}  # fmt: skip


@pytest.mark.parametrize(
    ("since", "seconds"), [("30", 30), ("10m", 600), (" 2h ", 7200), ("1d", 86400)]
)
def test_durations(since, seconds):
    assert log_query({**OPTIONS, "since": since})["sinceSeconds"] == seconds


@pytest.mark.parametrize("since", ["yesterday", "0s", "5 m"])
def test_a_duration_that_is_not_valid(since):
    with pytest.raises(KubeError, match="is not a valid duration; write 30s"):
        log_query({**OPTIONS, "since": since})


def test_a_pattern_that_is_not_valid():
    assert log_pattern(OPTIONS) is None
    with pytest.raises(KubeError, match="grep: '\\('"):
        log_pattern({"grep": "("})


def test_lines_are_filtered_by_the_pattern(api, module_of):
    api.put("pods", pod())
    api.answers["/api/v1/namespaces/default/pods/web-1/log"] = lambda: (200, b"one\ntwo\n")
    result = read_logs(module_of(**OPTIONS | {"grep": "^t"}, pod="web-1"))
    assert result["lines"] == ["web-1: two"]


def test_an_unreadable_log_is_an_error_only_when_all_are(api, module_of):
    for name in ("web-1", "web-2"):
        api.put("pods", pod(name))
    selector = {"selector": "app.kubernetes.io/name=web"}
    with pytest.raises(KubeError) as caught:
        read_logs(module_of(**OPTIONS, **selector))
    assert [entry["lines"] for entry in caught.value.result["logs"]] == [[], []]
    api.answers["/api/v1/namespaces/default/pods/web-1/log"] = lambda: (200, b"one\n")
    first, second = read_logs(module_of(**OPTIONS, **selector))["logs"]
    assert (first["problem"], bool(second["problem"])) == ("", True)


def test_an_unknown_container_is_an_error(api, module_of):
    api.put("pods", pod())
    with pytest.raises(KubeError, match="no pod has a container db; they have web"):
        read_logs(module_of(**OPTIONS, pod="web-1", container="db"))


def test_init_containers_are_read_on_request_and_sidecars_always(api, module_of):
    one = pod()
    init = [{"name": "migrate"}, {"name": "proxy", "restartPolicy": "Always"}]
    one["spec"]["initContainers"] = init
    api.put("pods", one)
    api.answers["/api/v1/namespaces/default/pods/web-1/log"] = lambda: (200, b"line\n")

    def read(**options):
        logs = read_logs(module_of(**OPTIONS | options, pod="web-1"))["logs"]
        return [entry["container"] for entry in logs]

    assert read() == ["web", "proxy"]
    assert read(all_containers=True) == ["web", "migrate", "proxy"]
    assert read(container="migrate") == ["migrate"]
