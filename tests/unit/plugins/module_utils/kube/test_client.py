import threading

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.client import (
    MAX_IN_FLIGHT,
    MERGE,
    decode_or_message,
    gather,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import ApiError, KubeError
from support.kube_fake import Refused

MAPS = "/api/v1/namespaces/default/configmaps"


def config_map(name, **data):
    metadata = {"name": name, "namespace": "default"}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": data}


def test_get_and_get_or_none(api, client):
    api.put("configmaps", config_map("a", x="1"))
    assert client.get(f"{MAPS}/a")["data"] == {"x": "1"}
    assert client.get_or_none(f"{MAPS}/b") is None
    with pytest.raises(ApiError) as caught:
        client.get(f"{MAPS}/b")
    assert caught.value.status == 404


def test_get_or_none_reports_other_refusals(api, client):
    def forbid(method, path):
        raise Refused(403, "Forbidden", "no access")

    api.faults.append(forbid)
    with pytest.raises(ApiError, match="no access"):
        client.get_or_none(f"{MAPS}/a")


def test_delete_returns_none_for_a_missing_object(api, client):
    api.put("configmaps", config_map("a"))
    assert client.delete(f"{MAPS}/a") is not None
    assert api.get("configmaps", "a") is None
    assert client.delete(f"{MAPS}/a") is None


def test_patch_changes_the_object(api, client):
    api.put("configmaps", config_map("a", x="1"))
    client.patch(f"{MAPS}/a", {"data": {"x": "2"}}, MERGE, fieldManager="m")
    assert api.get("configmaps", "a")["data"] == {"x": "2"}
    assert client.writes == 1


def test_list_follows_pages_and_reduces_items(client, monkeypatch):
    pages = [
        {"items": [{"n": 1}, {"n": 2}], "metadata": {"continue": "next", "resourceVersion": "5"}},
        {"items": [{"n": 3}], "metadata": {"resourceVersion": "5"}},
    ]
    queries = []

    def get(path, **query):
        queries.append(query)
        return pages.pop(0)

    monkeypatch.setattr(client, "get", get)
    items, version = client.list_all(MAPS, page=2, keep=lambda item: item["n"], labelSelector="a")
    assert (items, version) == ([1, 2, 3], "5")
    assert queries == [
        {"labelSelector": "a", "limit": 2},
        {"labelSelector": "a", "limit": 2, "continue": "next"},
    ]


def test_a_list_that_expires_between_two_pages_is_read_at_once(client, monkeypatch):
    limits = []

    def get(path, **query):
        limits.append(query["limit"])
        if "continue" in query:
            raise ApiError(410, {"reason": "Expired"}, "GET", path)
        more = {"continue": "next"} if query["limit"] else {}
        return {"items": [{"n": 1}], "metadata": {"resourceVersion": "5", **more}}

    monkeypatch.setattr(client, "get", get)
    assert client.list_all(MAPS) == ([{"n": 1}], "5")
    assert limits == [500, 500, 0]


def test_quick_requests_are_sent_once(api, client):
    def refuse(method, path):
        raise Refused(503, "Unavailable", "busy")

    api.faults.append(refuse)
    for request in (client.get_once, client.get_text_once):
        api.log.clear()
        with pytest.raises(ApiError):
            request(f"{MAPS}/a")
        assert len(api.log) == 1


def test_other_servers_are_recognized(api, client):
    api.answers[MAPS] = lambda: (200, b"<html>")
    with pytest.raises(KubeError, match="is not a Kubernetes API.*<html>"):
        client.get(MAPS)
    api.answers[MAPS] = lambda: (200, b"[]")
    with pytest.raises(KubeError, match="did not return an object"):
        client.get(MAPS)


def test_parallel_keeps_order_and_returns_errors(client):
    def work(number):
        if number == 2:
            raise KubeError("two")
        return number * 10

    results = client.parallel(work, range(4))
    assert results[:2] == [0, 10]
    assert isinstance(results[2], KubeError)
    assert results[3] == 30


def test_gather_returns_results_or_raises_the_first_error(client):
    def work(number):
        if number > 1:
            raise KubeError(f"error {number}")
        return number * 10

    assert gather(client, work, range(2)) == [0, 10]
    with pytest.raises(KubeError, match="error 2"):
        gather(client, work, range(4))


def test_parallel_work_inside_of_parallel_work_needs_no_further_thread(client):
    every_thread_works = threading.Barrier(MAX_IN_FLIGHT, timeout=10)

    def work(number):
        every_thread_works.wait()
        return client.parallel(lambda part: number + part, range(3))

    expected = [[number, number + 1, number + 2] for number in range(MAX_IN_FLIGHT)]
    assert client.parallel(work, range(MAX_IN_FLIGHT)) == expected


def test_parallel_runs_concurrently_up_to_the_limit(client):
    barrier = threading.Barrier(MAX_IN_FLIGHT, timeout=10)
    assert client.parallel(lambda _: barrier.wait() >= 0, range(MAX_IN_FLIGHT)) == (
        [True] * MAX_IN_FLIGHT
    )


def test_text_that_is_not_json_becomes_a_message():
    assert decode_or_message(b'{"a": 1}') == {"a": 1}
    assert decode_or_message(None) == {}
    assert decode_or_message(b"plain") == {"message": "plain"}


def test_a_question_may_be_repeated_and_is_no_write(api, client):
    def lose(method, path):
        api.losses.clear()
        raise ConnectionAbortedError

    api.losses.append(lose)
    path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
    assert client.ask(path, {"spec": {}})["status"]["allowed"]
    assert client.writes == 0 and client.requests == 2
