import queue

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import ApiError, KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ObjectRef
from ansible_collections.slipway.lab.plugins.module_utils.kube.wait.subscriptions import (
    Subscriptions,
    common_labels,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.wait.target import Target
from ansible_collections.slipway.lab.plugins.module_utils.kube.watch import Event

REFUSED = ApiError(403, {"message": "no access"}, "GET", "/")


def target(name, kind="Deployment", version="apps/v1", namespace="default", **labels):
    template = {"metadata": {"labels": labels}}
    return Target(
        ObjectRef(version, kind, namespace, name),
        {"metadata": {"name": name}, "spec": {"template": template}},
    )


def test_common_labels_select_all_pods():
    targets = [target("a", app="a", tier="web"), target("b", app="b", tier="web")]
    assert common_labels(targets) == "tier=web"
    assert common_labels(targets[:1]) == "app=a,tier=web"
    assert common_labels([*targets, target("c")]) == ""


@pytest.fixture
def subscriptions(client, discovery):
    subscriptions = Subscriptions(client, discovery)
    yield subscriptions
    subscriptions.close()


def first_tags(subscriptions, count):
    return {subscriptions.events.get(timeout=5).tag for _ in range(count)}


def test_pods_and_warnings_of_workloads_are_watched(api, subscriptions):
    subscriptions.open([target("a", app="a")])
    assert first_tags(subscriptions, 3) == {
        ("workload", "apps/v1", "Deployment", "default"),
        ("pods", "default"),
        ("events", "default"),
    }
    paths = [path for _, path in api.log]
    assert any("fieldSelector=metadata.name%3Da" in path for path in paths)
    assert any("/pods?labelSelector=app%3Da" in path for path in paths)
    assert not any("endpointslices" in path for path in paths)


def test_addresses_are_watched_only_for_probes(subscriptions):
    probed = target("a")
    probed.probes = [object()]
    subscriptions.open([probed])
    assert ("slices", "default") in first_tags(subscriptions, 4)


def test_kinds_without_pods_need_one_watch(subscriptions):
    subscriptions.open([target("lab", "Namespace", "v1", "")])
    assert first_tags(subscriptions, 1) == {("workload", "v1", "Namespace", "")}
    with pytest.raises(queue.Empty):
        subscriptions.events.get(timeout=0.2)


def test_all_waiting_events_are_dispatched(subscriptions):
    taken = []
    for number in range(3):
        subscriptions.events.put(Event(("pods", "lab"), "ADDED", number))
    subscriptions.dispatch({"pods": lambda event: taken.append(event.value)}, timeout=1)
    assert taken == [0, 1, 2]
    subscriptions.dispatch({}, timeout=0.01)


def test_watch_of_targets_must_not_fail_but_others_may(subscriptions):
    subscriptions.events.put(Event(("pods", "lab"), "FAILED", KubeError("no access")))
    subscriptions.dispatch({}, timeout=1)
    assert subscriptions.warnings == [
        "pods cannot be watched, so reasons may stay unknown: no access"
    ]
    tag = ("workload", "apps/v1", "Deployment", "lab")
    subscriptions.events.put(Event(tag, "FAILED", REFUSED))
    with pytest.raises(KubeError, match="no access"):
        subscriptions.dispatch({}, timeout=1)


def test_a_refused_watch_of_another_kind_is_a_warning(subscriptions):
    tag, taken = ("workload", "example.com/v1", "Widget", "lab"), []
    subscriptions.events.put(Event(tag, "FAILED", REFUSED))
    subscriptions.dispatch({"workload": taken.append}, timeout=1)
    assert [event.kind for event in taken] == ["FAILED"]
    (warning,) = subscriptions.warnings
    assert warning.startswith("Widget cannot be watched, so it was not waited for: ")
    subscriptions.events.put(Event(tag, "FAILED", KubeError("its definition is gone")))
    with pytest.raises(KubeError, match="is gone"):
        subscriptions.dispatch({}, timeout=1)
