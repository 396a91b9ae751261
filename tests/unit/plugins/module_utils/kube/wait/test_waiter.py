import threading

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.common.deadline import Deadline
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ref_of
from ansible_collections.slipway.lab.plugins.module_utils.kube.status.failures import (
    FailureThresholds,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.wait.errors import WaitError
from ansible_collections.slipway.lab.plugins.module_utils.kube.wait.target import Target
from ansible_collections.slipway.lab.plugins.module_utils.kube.wait.waiter import Waiter
from support.kube_fake import broken_pod, instant_rollout


def deployment(name="web", image="web:1"):
    labels = {"app": name}
    container = {"name": name, "image": image}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "namespace": "default", "generation": 1},
        "spec": {
            "replicas": 1,
            "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": {"containers": [container]}},
        },
    }


class Run:
    def __init__(self, client, discovery, seconds=10.0):
        self.lines = []
        self.waiter = Waiter(
            client, discovery, Deadline(seconds), FailureThresholds(), self.lines.append
        )

    def wait(self, *objects):
        return self.waiter.wait([Target(ref_of(obj), obj, created=True) for obj in objects])


def test_nothing_is_watched_when_all_is_done(api, client, discovery):
    obj = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}}
    [outcome] = Run(client, discovery).wait(obj)
    assert outcome["state"] == "applied"
    assert api.log == []


def test_waits_until_all_are_rolled_out(api, client, discovery):
    objects = [api.put("deployments", deployment(name)) for name in ("web", "db")]
    run = Run(client, discovery)

    def roll_out():
        for obj in objects:
            instant_rollout(api, "MODIFIED", obj)

    threading.Timer(0.3, roll_out).start()
    outcomes = run.wait(*objects)
    assert [outcome["state"] for outcome in outcomes] == ["1 of 1 pods are available"] * 2
    assert all(outcome["seconds"] >= 0.2 for outcome in outcomes)
    assert run.lines[-1] == "2 of 2 ready"
    assert run.waiter.warnings == []
    assert run.waiter.unblocked == []


def test_broken_pod_ends_the_wait_early(api, client, discovery):
    api.broken.add("web:1")
    state = {"waiting": {"reason": "ErrImagePull", "message": "web:1: not found"}}
    api.reactions.append(broken_pod({"state": state}))
    obj = api.put("deployments", deployment())
    with pytest.raises(WaitError, match="ErrImagePull: web:1: not found"):
        Run(client, discovery, seconds=60).wait(obj)


def test_deadline_ends_the_wait(api, client, discovery):
    obj = api.put("deployments", deployment())
    with pytest.raises(WaitError, match=r"Timeout \(not ready after 0.5 s\)"):
        Run(client, discovery, seconds=0.5).wait(obj)


def test_watches_end_with_the_wait(api, client, discovery):
    # Watches of other tests may still be closing: only this wait's own are looked at.
    earlier = set(threading.enumerate())
    obj = api.put("deployments", deployment())
    with pytest.raises(WaitError):
        Run(client, discovery, seconds=0.5).wait(obj)
    for thread in set(threading.enumerate()) - earlier:
        if thread.name.startswith("watch "):
            thread.join(timeout=5)
            assert not thread.is_alive()
