import queue

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.common.deadline import Deadline
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ObjectRef
from ansible_collections.slipway.lab.plugins.module_utils.kube.status.rollout import Status
from ansible_collections.slipway.lab.plugins.module_utils.kube.wait.endpoint_tracker import (
    EndpointTracker,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.wait.target import Target
from ansible_collections.slipway.lab.plugins.module_utils.kube.watch import Event


class FakeProbe:
    name = "Service lab/web"
    unasked = ""
    service = {"metadata": {"name": "web", "namespace": "lab"}}

    def __init__(self, *answers):
        self.answers = list(answers)
        self.runs = 0

    def run(self):
        self.runs += 1
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def target(probe, replicas=2):
    obj = {
        "kind": "Deployment",
        "metadata": {"generation": 1},
        "spec": {"replicas": replicas},
        "status": {
            "observedGeneration": 1, "replicas": replicas, "updatedReplicas": replicas,
            "availableReplicas": replicas,
        },
    }  # fmt: skip
    one = Target(ObjectRef("apps/v1", "Deployment", "lab", "web"), obj, probes=[probe])
    one.observe(obj, 0)
    return one


def slices(kind, *counts):
    parts = [
        {
            "metadata": {"name": f"s{i}", "labels": {"kubernetes.io/service-name": "web"}},
            "endpoints": [{"addresses": ["x"]}] * count,
        }
        for i, count in enumerate(counts)
    ]
    return Event(("slices", "lab"), kind, parts if kind == "LIST" else parts[0])


@pytest.fixture
def events():
    return queue.Queue()


@pytest.fixture
def tracker(events):
    tracker = EndpointTracker(events, Deadline(60))
    yield tracker
    tracker.close()


def test_probe_waits_for_all_addresses(tracker):
    probe = FakeProbe((True, "answered 200"))
    one = target(probe)
    tracker.take_slices(slices("LIST", 1))
    tracker.check(one)
    assert one.status.text == "Service lab/web has 1 of 2 ready addresses"
    assert not one.is_probing


def test_target_that_answers_is_finished(tracker, events):
    one = target(FakeProbe((True, "answered 200")))
    tracker.take_slices(slices("LIST", 1, 1))
    tracker.check(one)
    assert one.is_probing
    tracker.check(one)
    event = events.get(timeout=5)
    assert event.tag == ("answers", one)
    tracker.take_answers(event)
    assert not one.is_open
    assert one.status.text == "2 of 2 pods are available, answered 200"
    assert one.answers == {"Service lab/web": "answered 200"}
    assert one.probes[0].runs == 1


@pytest.mark.parametrize("answer", [(False, "answered 503"), KubeError("answered 503")])
def test_bad_answer_is_repeated_later(tracker, events, answer):
    one = target(FakeProbe(answer, (True, "answered 200")))
    tracker.take_slices(slices("LIST", 2))
    tracker.check(one)
    tracker.take_answers(events.get(timeout=5))
    assert one.is_open
    assert one.status == Status(True, "answered 503")
    assert one.probe_backoff == 0.2
    tracker.check(one)
    assert not one.is_probing
    one.next_probe = 0.0
    tracker.check(one)
    tracker.take_answers(events.get(timeout=5))
    assert not one.is_open


def test_slices_are_replaced_and_removed(tracker):
    one = target(FakeProbe())
    tracker.take_slices(slices("LIST", 1, 1))
    tracker.take_slices(slices("DELETED", 1))
    tracker.check(one)
    assert "1 of 2 ready addresses" in one.status.text
    tracker.take_slices(slices("LIST"))
    one.status = Status(True, "")
    tracker.check(one)
    assert "0 of 2 ready addresses" in one.status.text


def test_workload_without_pods_is_not_probed(tracker):
    probe = FakeProbe()
    one = target(probe, replicas=0)
    tracker.check(one)
    assert not one.is_open
    assert one.answers == {"Service lab/web": "Service lab/web has no pods by declaration"}
    assert probe.runs == 0
