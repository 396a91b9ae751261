"""Tests of ``kube.wait.verdict``."""

from __future__ import annotations

import threading
import time

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.common.deadline import Deadline
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import (
    UnreachableError,
    UnseenError,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ref_of
from ansible_collections.slipway.lab.plugins.module_utils.kube.status.failures import (
    FailureThresholds,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.wait.errors import WaitError
from ansible_collections.slipway.lab.plugins.module_utils.kube.wait.target import Target
from ansible_collections.slipway.lab.plugins.module_utils.kube.wait.verdict import judge
from ansible_collections.slipway.lab.plugins.module_utils.kube.wait.waiter import Waiter
from support.kube_fake import broken_pod, instant_rollout
from support.objects import deployment

PULLING = {"state": {"waiting": {"reason": "ErrImagePull", "message": "the registry timed out"}}}
OUTAGE = UnreachableError("nothing listens")


class Detector:
    """Finds that a target has failed."""

    def __init__(self, failed: bool):
        self.failed = failed

    def check(self, targets):
        if self.failed:
            raise WaitError([], 1)

    def fail(self, targets, waited):
        raise WaitError([], 1)


class Watches:
    """The trouble of the watches on targets and of others, and of the API server."""

    def __init__(self, targets=None, others=None, server=None):
        self.found, self.server = {True: targets, False: targets or others}, server

    def trouble(self, of_targets):
        return self.found[of_targets]

    def silence(self):
        return self.server


@pytest.mark.parametrize(
    ("failed", "seconds", "watches", "expected"),
    [
        (False, 9, Watches(), None),
        (True, 9, Watches(), WaitError),
        (False, 0, Watches(), WaitError),
        # an outage is sat out until the deadline
        (True, 9, Watches(targets=OUTAGE), None),
        (True, 9, Watches(others=OUTAGE), None),
        (True, 9, Watches(server=OUTAGE), None),
        (False, 0, Watches(targets=OUTAGE), UnseenError),
        (False, 0, Watches(server=OUTAGE), UnseenError),
        # the targets themselves can be seen
        (False, 0, Watches(others=OUTAGE), WaitError),
    ],
)
def test_what_was_seen_before_an_outage_proves_nothing(failed, seconds, watches, expected):
    found = None
    try:
        web = deployment()
        judge([Target(ref_of(web), web)], Detector(failed), watches, Deadline(seconds))
    except (WaitError, UnseenError) as error:
        found = type(error)
    assert found is expected


class Outage:
    """A time in which the API server does not answer."""

    def __init__(self, api):
        self.api, self.is_now = api, threading.Event()
        api.faults.append(self.refuse)

    def refuse(self, method, path):
        if self.is_now.is_set():
            raise ConnectionAbortedError

    def begin(self):
        while not any(watched == "pods" for watched, _ in self.api.watchers):
            time.sleep(0.02)
        self.is_now.set()
        self.api.cut_watches()


@pytest.fixture
def outage(api):
    return Outage(api)


def wait(api, client, discovery, seconds, **thresholds):
    obj = api.put("deployments", {**deployment(), "status": {}})
    waiter = Waiter(client, discovery, Deadline(seconds), FailureThresholds(**thresholds))
    return waiter.wait([Target(ref_of(obj), obj, created=True)])


def test_an_outage_at_the_deadline_is_named(api, client, discovery, outage):
    threading.Thread(target=outage.begin, daemon=True).start()
    with pytest.raises(UnseenError, match=r"web \(not ready after 2 s\), and the state is not"):
        wait(api, client, discovery, 2)


@pytest.mark.slow
def test_a_pod_that_recovers_in_an_outage_does_not_fail(api, client, discovery, outage):
    api.broken.add("web:1")
    api.reactions.append(broken_pod(PULLING))

    def recover():
        outage.begin()
        time.sleep(2)
        api.reactions.clear()
        api.broken.clear()
        with api.lock:
            for place in [place for place in api.objects if place[0] == "pods"]:
                api.remove("pods", place[2])
        instant_rollout(api, "MODIFIED", api.get("deployments", "web"))
        outage.is_now.clear()

    threading.Thread(target=recover, daemon=True).start()
    [outcome] = wait(api, client, discovery, 20, pull=1)
    assert outcome["state"] == "1 of 1 pods are available"
