"""Tests of ``kube.drain``."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.common.deadline import Deadline
from ansible_collections.slipway.lab.plugins.module_utils.kube import drain
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import ApiError, KubeError

POD = {"metadata": {"namespace": "shop", "name": "web-1", "uid": "uid-1"}}


def refusal(status, message):
    return ApiError(status, {"message": message}, "POST", "eviction")


class Client:
    """Refuses the first evictions with the given answers."""

    def __init__(self, *answers):
        self.answers, self.posts = list(answers), []

    def parallel(self, function, items):
        results = []
        for item in items:
            try:
                results.append(function(item))
            except KubeError as error:
                results.append(error)
        return results

    def post_once(self, path, body):
        self.posts.append((path, body["deleteOptions"]["preconditions"]))
        if self.answers:
            raise self.answers.pop(0)


@pytest.fixture(autouse=True)
def ended(monkeypatch):
    """Let each evicted pod end immediately."""
    waits = []
    monkeypatch.setattr(
        drain, "wait_until", lambda _client, _path, name, *_rest: waits.append(name)
    )
    monkeypatch.setattr(drain.time, "sleep", lambda _seconds: None)
    return waits


def test_a_budget_is_asked_again_until_it_permits_the_eviction(ended):
    client, lines = Client(refusal(429, "budget")), []
    drain.evict(client, [POD], None, Deadline(60), lines.append)
    assert client.posts == [("/api/v1/namespaces/shop/pods/web-1/eviction", {"uid": "uid-1"})] * 2
    assert ended == ["web-1"]
    assert lines == [f"shop/web-1 has to wait: {refusal(429, 'budget')}", "shop/web-1 is deleted"]


def test_a_pod_that_is_gone_needs_no_wait(ended):
    drain.evict(Client(refusal(404, "not found")), [POD], None, Deadline(60), print)
    assert ended == []


def test_a_refusal_names_the_pod():
    with pytest.raises(KubeError, match="pod shop/web-1: .*forbidden"):
        drain.evict(Client(refusal(403, "forbidden")), [POD], None, Deadline(60), print)


def test_a_blocked_pod_does_not_hold_up_the_others_and_is_reported(ended):
    class Blocking(Client):
        def post_once(self, path, body):
            self.posts.append(path)
            if "web-1" in path:
                raise refusal(429, "budget")

    free = {"metadata": {"namespace": "shop", "name": "free", "uid": "uid-2"}}
    with pytest.raises(KubeError, match="web-1 cannot be evicted") as failed:
        drain.evict(Blocking(), [POD, free], None, Deadline(0.5), lambda line: None)
    assert ended == ["free"]
    assert failed.value.result == {"evicted": ["shop/free"], "changed": True}
