"""Faults of the API server during apply and wait: the task converges, or reports the cause."""

from __future__ import annotations

import json
import threading
import time

import pytest

from support.kube_fake import FakeApi, Refused, instant_rollout
from support.module_runner import run_module

APPS = [{"name": f"app{i}", "image": "x:1", "replicas": 1} for i in range(10)]


@pytest.fixture
def api():
    with FakeApi() as fake:
        yield fake


def declare(api, **options):
    return run_module("workload", host=api.url, **{"apps": APPS, "wait_timeout": 15, **options})


def later(seconds, work):
    timer = threading.Timer(seconds, work)
    timer.daemon = True
    timer.start()


def roll_out(api):
    """Let the controllers come to life."""
    api.reactions.append(instant_rollout)
    for app in APPS:
        obj = api.get("deployments", app["name"])
        if obj:
            instant_rollout(api, "MODIFIED", obj)


def test_a_storm_of_429_is_sat_out(api):
    api.reactions.append(instant_rollout)
    seen = {}

    def storm(method, path):
        seen[(method, path)] = seen.get((method, path), 0) + 1
        if method == "PATCH" and seen[(method, path)] <= 2:
            raise Refused(429, "TooManyRequests", "slow down")

    api.faults.append(storm)
    result = declare(api)
    assert result["counts"] == {"created": 10}


def test_connections_that_break_during_apply_do_nothing_twice(api):
    api.reactions.append(instant_rollout)
    broken = set()

    def cut(method, path):
        if method == "PATCH" and path not in broken and "app3" in path:
            broken.add(path)
            raise ConnectionAbortedError

    api.faults.append(cut)
    result = declare(api)
    assert result["counts"] == {"created": 10} and broken
    assert api.get("deployments", "app3")["metadata"]["generation"] == 1


def test_watches_that_are_cut_are_resumed(api):
    later(0.5, api.cut_watches)
    later(1.0, lambda: roll_out(api))
    assert declare(api)["counts"] == {"created": 10}


def test_a_forgotten_place_is_listed_anew(api):
    later(0.5, lambda: api.cut_watches(forget=True))
    later(1.0, lambda: roll_out(api))
    assert declare(api)["counts"] == {"created": 10}


@pytest.mark.slow
def test_an_outage_during_the_wait_is_sat_out(api):
    down = threading.Event()

    def outage(method, path):
        if down.is_set():
            raise ConnectionAbortedError

    def fall():
        down.set()
        api.cut_watches()

    api.faults.append(outage)
    later(0.5, fall)
    later(2.0, down.clear)
    later(2.2, lambda: roll_out(api))
    assert declare(api)["counts"] == {"created": 10}


def test_an_object_that_somebody_deletes_during_the_wait_is_a_clear_error(api):
    def delete_once_watched():
        while not any(watched == "deployments" for watched, _ in api.watchers):
            time.sleep(0.05)
        api.remove("deployments", "app4")

    later(0, delete_once_watched)
    started = time.monotonic()
    result = declare(api)
    assert result["failed"] and "app4: Deleted: another client deleted it" in result["msg"]
    assert time.monotonic() - started < 5


@pytest.mark.slow
def test_a_refused_watch_of_pods_is_a_warning_and_no_failure(api):
    api.reactions.append(lambda *a: None)

    def deny(method, path):
        if "/pods" in path or "/events" in path:
            later(2, lambda: roll_out(api))  # a busy machine needs time to notice the refusal
            raise Refused(403, "Forbidden", "pods is forbidden")

    api.faults.append(deny)
    result = declare(api)
    assert result["counts"] == {"created": 10}
    assert "pods is forbidden" in json.dumps(result["warnings"])


@pytest.mark.slow
def test_the_deadline_names_what_is_missing(api):
    result = declare(api, wait_timeout=2)
    assert result["failed"] and "not ready after 2 s" in result["msg"]
    assert "waiting for the controller" in result["msg"]
    assert result["waited"]["seconds"] < 4


@pytest.mark.slow
@pytest.mark.parametrize(
    ("trouble", "image"), [("no right to watch", "x:2"), ("outage", "x:2"), ("none", "x:1")]
)
def test_only_a_version_that_was_seen_to_fail_is_rolled_back(api, trouble, image):
    app = {"name": "web", "image": "x:1", "replicas": 1}
    api.reactions.append(instant_rollout)
    assert not declare(api, apps=[app]).get("failed")
    api.broken.add("x:2")

    def refuse(method, path):
        if trouble == "no right to watch" and "watch=" in path and "deployments" in path:
            raise Refused(403, "Forbidden", "no deployments")
        if trouble == "outage" and down.is_set():
            raise ConnectionAbortedError

    def fall():
        down.set()
        api.cut_watches()

    down = threading.Event()
    api.faults.append(refuse)
    later(1, fall)
    later(5, down.clear)
    task = {"apps": [{**app, "image": "x:2"}], "wait_timeout": 3, "on_failure": "rollback"}
    result = declare(api, **task)
    assert result["failed"]
    time.sleep(2)
    [container] = api.get("deployments", "web")["spec"]["template"]["spec"]["containers"]
    assert container["image"] == image, result["msg"]
    assert ("on_failure: rollback: the changes stay" in result["msg"]) == (trouble != "none")


@pytest.mark.slow
def test_a_broken_webhook_is_not_asked_for_ever(api):
    def broken(method, path):
        if method == "PATCH":
            raise Refused(500, "InternalError", 'failed calling webhook "w.example.com": no route')

    api.faults.append(broken)
    started = time.monotonic()
    result = declare(api, apps=APPS[:1])
    assert result["failed"] and 'failed calling webhook "w.example.com"' in result["msg"]
    assert time.monotonic() - started < 8
