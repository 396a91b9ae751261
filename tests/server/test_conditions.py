"""Servers in trouble: overload, a dead aggregated API, webhooks that are down or slow, and objects that are ending."""

from __future__ import annotations

import contextlib
import socket
import threading
import time

import pytest

from support.real_api_server import free_port
from support.real_proxy import NOT_RECEIVED, Answer, RealProxy

GROUP = "dead.example.com"
SERVICES = "/apis/apiregistration.k8s.io/v1/apiservices"
WEBHOOKS = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations"
FINALIZER = "example.com/held"


@pytest.fixture
def proxy(server):
    with RealProxy(server) as one:
        yield one


def config(name: str, **more) -> dict:
    metadata = {"name": name, **more}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": {"a": "1"}}


def ours(space, *objects: dict, **options) -> dict:
    return space.run("workload", manifests=list(objects), **{"wait": "applied", **options})


@contextlib.contextmanager
def present(server, collection: str, body: dict):
    """An object of the whole cluster, as long as a test needs it."""
    server.must("POST", collection, body)
    try:
        yield
    finally:
        server.must("DELETE", f"{collection}/{body['metadata']['name']}")


# -- overload ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("at", ["GET", "PATCH"])
def test_a_request_that_is_refused_for_overload_waits_as_long_as_asked(space, proxy, at):
    seconds = 3
    refused = []

    def overload(method, path, number):
        # the very first request, or the first write
        if method == at and not refused:
            refused.append(len(proxy.seen))
            return Answer(429, "too many requests", {"Retry-After": str(seconds)})
        return None

    proxy.fault = overload
    options = {"namespace": space.name, "host": proxy.url, "client_cert": None, "client_key": None}
    result = ours(space, config("a"), **options)
    assert not result.get("failed") and result["changed"], result
    first = proxy.seen[refused[0] - 1]
    again = [one for one in proxy.seen if one[1:] == first[1:]][1]
    assert seconds <= again.time - first.time < seconds + 5


# -- an aggregated API that is down ---------------------------------------------------------------------


@pytest.fixture
def dead_api(space):
    spec = {
        "group": GROUP,
        "version": "v1",
        "groupPriorityMinimum": 100,
        "versionPriority": 10,
        "insecureSkipTLSVerify": True,
        "service": {"namespace": space.name, "name": "nowhere"},
    }
    body = {"metadata": {"name": f"v1.{GROUP}"}, "spec": spec}
    path = f"/apis/{GROUP}/v1"
    with present(space.server, SERVICES, body):
        space.eventually(lambda: space.server.request("GET", path)[0] == 503)
        yield path


def test_a_dead_api_disturbs_nobody_else(space, dead_api):
    task = {"applyset": "shop", "prune": True}
    assert not ours(space, config("a"), config("b"), **task).get("failed")
    result = ours(space, config("a"), **task)
    gone = [one["name"] for one in result["objects"] if one["action"] == "pruned"]
    assert gone == ["b"], result
    app = {"name": "web", "image": "web:1", "wait": "none"}
    assert space.run("workload", **app)["changed"]
    assert space.run("workload", name="web", state="absent")["changed"]
    info = space.run("objects_info", kind="ConfigMap")
    assert "a" in [one["metadata"]["name"] for one in info["objects"]]


def test_a_kind_of_a_dead_api_is_explained(space, dead_api):
    thing = {"apiVersion": f"{GROUP}/v1", "kind": "Thing", "metadata": {"name": "x"}}
    result = ours(space, thing)
    assert result["failed"]
    assert f"API group {GROUP};" in result["msg"] and f"apiservice v1.{GROUP}`" in result["msg"]


# -- webhooks ------------------------------------------------------------------------------------------------


def webhook(space, port: int, policy: str = "Fail") -> dict:
    return {
        "metadata": {"name": space.name},
        "webhooks": [
            {
                "name": "guard.example.com",
                "clientConfig": {"url": f"https://127.0.0.1:{port}/"},
                "rules": [{"apiGroups": [""], "apiVersions": ["v1"], "operations": ["*"], "resources": ["configmaps"]}],
                "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": space.name}},
                "failurePolicy": policy,
                "sideEffects": "None",
                "timeoutSeconds": 1,
                "admissionReviewVersions": ["v1"],
            }
        ],
    }  # fmt: skip


@contextlib.contextmanager
def port_of(kind: str):
    """A port that refuses connections, or one that never answers."""
    with socket.socket() as silent:
        if kind == "slow":
            silent.bind(("127.0.0.1", 0))
            silent.listen()
            yield silent.getsockname()[1]
        else:
            yield free_port()


def is_guarded(space) -> bool:
    status, _ = space.server.request("POST", f"{space.core}/configmaps?dryRun=All", config("try"))
    return status == 500


@pytest.mark.parametrize("kind", ["down", "slow"])
def test_a_webhook_that_does_not_answer_is_named_with_the_next_step(space, kind):
    with port_of(kind) as port, present(space.server, WEBHOOKS, webhook(space, port)):
        space.eventually(lambda: is_guarded(space))
        for check in (True, False):
            result = ours(space, config("a"), check=check)
            assert result["failed"], result
            for word in ("guard.example.com", "ConfigMap", "ValidatingWebhookConfiguration"):
                assert word in result["msg"], result["msg"]
        assert space.server.request("GET", f"{space.core}/configmaps/a")[0] == 404
    space.eventually(lambda: not is_guarded(space))
    assert ours(space, config("a"))["changed"]


def test_a_webhook_that_may_fail_delays_but_does_not_stop(space):
    def is_delayed() -> bool:
        started = time.monotonic()
        space.server.must("POST", f"{space.core}/configmaps?dryRun=All", config("try"))
        return time.monotonic() - started >= 1

    with port_of("slow") as port, present(space.server, WEBHOOKS, webhook(space, port, "Ignore")):
        space.eventually(is_delayed)
        assert ours(space, config("a"))["changed"]


# -- objects and namespaces that are ending --------------------------------------------------------------------


def release_later(space, path: str, seconds: float = 2) -> threading.Timer:
    """Take the finalizer of an object away after some time."""
    body = {"metadata": {"finalizers": None}}
    kind = "application/merge-patch+json"
    timer = threading.Timer(seconds, space.server.must, ("PATCH", path, body, kind))
    timer.start()
    return timer


def test_an_object_that_is_being_deleted_is_waited_for_and_made_again(space):
    path = f"{space.core}/configmaps/a"
    held = config("a", finalizers=[FINALIZER])
    before = space.server.must("POST", f"{space.core}/configmaps", held)["metadata"]["uid"]
    space.server.must("DELETE", path)
    timer = release_later(space, path)
    result = ours(space, config("a"), wait_timeout=30)
    timer.join()
    assert not result.get("failed") and result["changed"], result
    assert space.server.must("GET", path)["metadata"]["uid"] != before


def test_an_object_that_never_ends_is_named_with_its_finalizer(space):
    path = f"{space.core}/configmaps/a"
    space.server.must("POST", f"{space.core}/configmaps", config("a", finalizers=[FINALIZER]))
    space.server.must("DELETE", path)
    result = ours(space, config("a"), wait_timeout=3)
    assert result["failed"] and FINALIZER in result["msg"] and "ConfigMap" in result["msg"]
    release_later(space, path, 0).join()


def test_a_namespace_that_is_being_deleted_is_waited_for_and_made_again(space):
    name = f"{space.name}-ending"
    home = f"/api/v1/namespaces/{name}"
    space.server.must("POST", "/api/v1/namespaces", {"metadata": {"name": name}})
    space.server.must("POST", f"{home}/configmaps", config("held", finalizers=[FINALIZER]))
    before = space.server.must("DELETE", home)["metadata"]["uid"]
    refused = ours(space, config("a"), namespace=name, wait_timeout=3)
    assert refused["failed"] and f"namespace {name} is being deleted" in refused["msg"]
    assert "create_namespace: true" in refused["msg"]

    timer = release_later(space, f"{home}/configmaps/held")
    result = ours(space, config("a"), namespace=name, create_namespace=True, wait_timeout=60)
    timer.join()
    assert not result.get("failed") and result["changed"], result
    assert space.server.must("GET", home)["metadata"]["uid"] != before
    assert space.server.must("GET", f"{home}/configmaps/a")


# -- failures that were not seen ---------------------------------------------------------------------------


def image_of(space) -> str:
    web = space.server.must("GET", f"{space.apps}/deployments/web")
    return web["spec"]["template"]["spec"]["containers"][0]["image"]


@pytest.mark.parametrize("trouble", ["no right to watch", "an outage", "none"])
def test_only_what_was_seen_to_fail_is_rolled_back(space, proxy, trouble):
    app = {"name": "web", "image": "web:1", "replicas": 1}
    space.declare(**app)
    applied = []

    def fault(method, path, number):
        is_watch = "watch=" in path and "/deployments" in path
        if method == "PATCH":
            applied.append(number)
        elif trouble == "an outage" and applied:
            return NOT_RECEIVED
        elif trouble == "no right to watch" and is_watch:
            return Answer(403, "deployments.apps is forbidden: cannot watch")
        return None

    proxy.fault = fault
    # no pod of it gets ready in this time
    slow = {**app, "image": "web:2", "min_ready_seconds": 60, "wait_timeout": 4}
    result = space.run(
        "workload", **slow, host=proxy.url, client_cert=None, client_key=None, on_failure="rollback"
    )
    assert result["failed"]
    kept = "on_failure: rollback: the changes stay" in result["msg"]
    assert kept == (trouble != "none"), result["msg"]
    assert image_of(space) == ("web:2" if kept else "web:1"), result["msg"]
