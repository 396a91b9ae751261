import queue
import threading

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.common.deadline import Deadline
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import (
    ApiError,
    KubeError,
    UnseenError,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.watch import Watch, wait_until
from support.kube_fake import Refused

MAPS = "/api/v1/namespaces/default/configmaps"


def config_map(name):
    metadata = {"name": name, "namespace": "default"}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata}


@pytest.fixture
def events():
    return queue.Queue()


@pytest.fixture
def watch(client, events):
    watch = Watch(client, MAPS, events, "maps")
    yield watch
    watch.close()


def names(event):
    objects = event.value if event.kind == "LIST" else [event.value]
    return event.kind, [obj["metadata"]["name"] for obj in objects]


def test_list_comes_before_changes(api, watch, events):
    api.put("configmaps", config_map("a"))
    watch.start()
    assert names(events.get(timeout=5)) == ("LIST", ["a"])
    api.put("configmaps", config_map("b"))
    assert names(events.get(timeout=5)) == ("ADDED", ["b"])
    api.remove("configmaps", "a")
    event = events.get(timeout=5)
    assert names(event) == ("DELETED", ["a"])
    assert event.tag == "maps"


def test_broken_watch_resumes_without_a_new_list(api, watch, events):
    watch.start()
    assert events.get(timeout=5).kind == "LIST"
    while not api.watchers:
        threading.Event().wait(0.01)
    api.cut_watches()
    api.put("configmaps", config_map("b"))
    assert names(events.get(timeout=5)) == ("ADDED", ["b"])
    assert watch.reconnects == 1


def test_expired_resource_version_lists_again(api, watch, events):
    watch.start()
    assert events.get(timeout=5).kind == "LIST"
    while not api.watchers:
        threading.Event().wait(0.01)
    api.put("configmaps", config_map("b"))
    assert events.get(timeout=5).kind == "ADDED"
    api.cut_watches(forget=True)
    api.oldest += 1
    api.put("configmaps", config_map("c"))
    assert names(events.get(timeout=5)) == ("LIST", ["b", "c"])


def test_a_server_that_ends_each_watch_is_asked_with_pauses(api, watch):
    found = b'{"metadata": {"resourceVersion": "1"}, "items": []}'
    api.answers[MAPS] = lambda: (200, b"" if "watch=true" in api.log[-1][1] else found)
    watch.start()
    threading.Event().wait(1)
    watch.close()
    # pauses of 0.1, 0.2, 0.4 and 0.8 seconds
    assert 3 <= len(api.log) <= 6
    assert sum("watch=true" not in path for _, path in api.log) == 1


def test_refused_watch_fails(api, watch, events):
    def forbid(method, path):
        raise Refused(403, "Forbidden", "no access")

    api.faults.append(forbid)
    watch.start()
    event = events.get(timeout=5)
    assert event.kind == "FAILED"
    assert isinstance(event.value, ApiError)
    watch.join(timeout=5)
    assert not watch.is_alive()


def test_wait_until_the_condition_holds(api, client):
    api.put("configmaps", config_map("a"))
    threading.Timer(0.2, lambda: api.remove("configmaps", "a")).start()
    found = wait_until(client, MAPS, "a", lambda obj: obj is None, Deadline(5), "a exists")
    assert found is None


def test_wait_until_the_deadline(api, client):
    api.put("configmaps", config_map("a"))
    with pytest.raises(KubeError, match=r"a exists \(after 0.1 s\)"):
        wait_until(client, MAPS, "a", lambda obj: obj is None, Deadline(0.1), "a exists")


def test_a_watch_in_trouble_says_so_until_it_works_again(api, watch, events):
    def outage(method, path):
        raise ConnectionAbortedError

    watch.start()
    assert events.get(timeout=5).kind == "LIST"
    while not api.watchers:
        threading.Event().wait(0.01)
    assert watch.trouble is None
    api.faults.append(outage)
    api.cut_watches()
    while not watch.trouble:
        threading.Event().wait(0.01)
    api.faults.clear()
    api.put("configmaps", config_map("b"))
    assert names(events.get(timeout=10)) == ("ADDED", ["b"])
    while watch.trouble:
        threading.Event().wait(0.01)


@pytest.mark.parametrize(
    "fault", [Refused(403, "Forbidden", "no access"), ConnectionAbortedError()]
)
def test_an_object_that_cannot_be_seen_is_not_an_unmet_condition(api, client, fault):
    def refuse(method, path):
        raise fault

    api.put("configmaps", config_map("a"))
    timer = threading.Timer(0.3, lambda: (api.faults.append(refuse), api.cut_watches()))
    timer.start()
    with pytest.raises(UnseenError):
        wait_until(client, MAPS, "a", lambda obj: obj is None, Deadline(2), "a exists")


def test_a_dead_connection_is_no_quiet_one(api, client):
    def silent(method, path):
        if path == "/version":
            raise ConnectionAbortedError

    api.faults.append(silent)
    with pytest.raises(UnseenError, match="a exists .* and its state is not known"):
        wait_until(client, MAPS, "a", lambda obj: obj is not None, Deadline(0.5), "a exists")
