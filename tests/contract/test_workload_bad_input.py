"""Bad input: a clear message that names the place, a clean exit, and nothing written."""

from __future__ import annotations

import http.server
import ssl
from datetime import timedelta

import pytest

from support.certificate import certificate
from support.kube_fake import FakeApi
from support.loopback import LoopbackServer
from support.module_runner import run_module

W, S, R, I, X, L, N = (  # noqa: E741
    "workload",
    "workload_scale",
    "workload_rollout",
    "workload_info",
    "workload_exec",
    "workload_logs",
    "node",
)
OK = {"name": "web", "image": "web:1"}
BOMB = "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + "\n".join(
    f"{b}: &{b} [{','.join(['*' + a] * 10)}]" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)


def app(**more):
    return (W, {**OK, **more})


def manifest(**more):
    base = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"}}
    return (W, {"manifests": [{**base, **more}]})


CASES = [
    # nothing, or contradictions
    ((W, {}), "nothing is declared"),
    ((W, {"apps": []}), "nothing is declared"),
    ((W, {"manifests": []}), "nothing is declared"),
    ((W, {"image": "web:1"}), "nothing is declared"),
    ((W, {"name": "web"}), "image is missing"),
    ((W, {"apps": [{"image": "x:1"}]}), "apps[0]: name is missing"),
    ((W, {"apps": [OK], "name": "b"}), "mutually exclusive"),
    ((W, {"apps": [OK, OK]}), "declared twice"),
    ((W, {"apps": "web"}), "dictionary requested"),
    ((W, {"apps": ["web"]}), "dictionary requested"),
    ((W, {"apps": [{**OK, "imagee": "x"}]}), "imagee"),
    ((W, {**OK, "colour": "red"}), "colour"),
    (app(replicas=2, autoscale={"max": 3, "cpu": 50}), "contradict each other"),
    (app(prune=True), "needs applyset"),
    (app(prune=True, applyset="a", state="absent"), "contradicts state: absent"),
    ((W, {"apps": [{"name": f"a{i}", "image": "x"} for i in range(10001)]}), "too many"),
    # names
    (app(name="Web"), "'Web' is not a valid name of a Service"),
    (app(name="web_1"), "'web_1'"),
    (app(name="1web"), "starting with a letter"),
    (app(name="-web"), "'-web'"),
    (app(name="web-"), "'web-'"),
    (app(name="a" * 64), "at most 63"),
    (app(name="we b"), "'we b'"),
    (app(name="wéb"), "RFC 1035"),
    (app(name=""), "name is missing"),
    (app(name="web/1"), "'web/1'"),
    (app(name="Web", kind="Job"), "RFC 1123 label"),
    (app(name="a" * 60, kind="CronJob", schedule="@daily"), "at most 52"),
    (app(namespace="Kube"), "namespace"),
    (app(namespace="a.b"), "namespace"),
    (app(namespace="a" * 64), "namespace"),
    (app(labels={"a b": "c"}), "not a valid label key"),
    (app(labels={"a": "c d"}), "not a valid label value"),
    (app(labels={"a": "x" * 64}), "not a valid label value"),
    (app(labels={"UPPER_/x": "y"}), "not a valid label key"),
    (app(labels={"app.kubernetes.io/name": "x"}), "is set from the name"),
    (app(node_selector={"": "x"}), "not a valid label key"),
    # image
    (app(image="Web:1"), "not a valid image reference"),
    (app(image="web:"), "not a valid image reference"),
    (app(image="web: 1"), "not a valid image reference"),
    (app(image="http://x/web:1"), "not a valid image reference"),
    (app(image="web@sha256:12"), "not a valid image reference"),
    (app(image=""), "image is missing"),
    (app(image="x" * 600), "not a valid image reference"),
    (app(image_pull_policy="Sometimes"), "one of: Always, IfNotPresent, Never"),
    # kinds
    (app(kind="Pod"), "one of: Deployment"),
    (app(kind="deployment"), "one of: Deployment"),
    (app(kind="DaemonSet", replicas=2), "a DaemonSet has none"),
    (app(kind="Job", autoscale={"max": 2, "cpu": 50}), "a Job has none"),
    (app(schedule="@daily"), "it is for CronJob"),
    (app(completions=2), "it is for Job, CronJob"),
    (app(kind="CronJob"), "needs schedule"),
    (app(kind="CronJob", schedule="* * *"), "not a valid schedule"),
    (app(kind="CronJob", schedule="every day"), "not a valid schedule"),
    (app(kind="CronJob", schedule="@fortnightly"), "not a valid schedule"),
    (app(kind="Job", restart_policy="Always"), "one of: Never, OnFailure"),
    (app(kind="StatefulSet", progress_deadline=5), "a StatefulSet has none"),
    (app(kind="Job", ingress={"host": "a"}), "a Job has none"),
    # numbers
    (app(replicas=-1), "replicas: -1 is too small"),
    (app(replicas="two"), "replicas"),
    (app(replicas=1.5), "replicas"),
    (app(kind="Job", completions=0), "too small"),
    (app(progress_deadline=0), "too small"),
    (app(termination_grace=-5), "too small"),
    (app(wait_timeout=0), "at least 1"),
    (app(wait_timeout="soon"), "wait_timeout"),
    (app(fail_after={"pull": -1}), "fail_after.pull"),
    (app(fail_after={"luck": 1}), "luck"),
    # ports
    (app(ports=[0]), "0 is not a valid port"),
    (app(ports=[65536]), "65536 is not a valid port"),
    (app(ports=["http"]), "'http' is not a valid port"),
    (app(ports=["80:"]), "is not a valid port"),
    (app(ports=["1:2:3"]), "is not a valid port"),
    (app(ports=[True]), "True is not a valid port"),
    (app(ports=["80/icmp"]), "is not a valid port"),
    (app(ports=[80, 80]), "given twice"),
    (app(ports=[{"port": 80, "containerPort": 1}]), "unknown: containerPort"),
    (app(ports=[{"name": "x"}]), "needs container_port"),
    (app(ports=[{"container_port": 80, "protocol": "ICMP"}]), "none of TCP, UDP, SCTP"),
    (app(ports=[{"container_port": 80, "name": "Much_Too_Long_Name"}]), "is not a valid port name"),
    (app(ports=[{"container_port": 80, "node_port": 99999}]), "not a valid port"),
    (
        app(ports=[{"container_port": 80, "node_port": 30000}, {"container_port": 81, "node_port": 30000}]),
        "node_port 30000 is given twice",
    ),
    (app(service_type="External"), "one of: ClusterIP"),
    (app(ingress={"host": "a.b"}), "needs ports"),
    # environment, config, secrets
    (app(env={"A=B": "c"}), "is not a valid name of an environment variable"),
    (app(env={"A": ["x"]}), "is not text"),
    (app(env={"A": None}), "is not text"),
    (app(env={"A": {"secret": "s"}}), "give a text"),
    (app(env={"A": {"secret": "s", "config": "c", "key": "k"}}), "give a text"),
    (app(env="A=B C"), "env"),
    (app(config={"a/b": "c"}), "is not a valid key"),
    (app(config={"a": {"b": "c"}}), "to_json"),
    (app(secrets={"a": ["hidden"]}), "to_json"),
    (app(config={"a": "b"}, config_mount="etc"), "is not an absolute path"),
    # volumes
    (app(volumes=[{"name": "d", "mount": "/d"}]), "one of the following is required: size"),
    (app(volumes=[{"name": "d", "mount": "/d", "size": "1Gi", "claim": "c"}]), "mutually exclusive"),
    (app(volumes=[{"name": "D", "mount": "/d", "size": "1Gi"}]), "RFC 1123"),
    (app(volumes=[{"name": "d", "mount": "d", "size": "1Gi"}]), "is not an absolute path"),
    (app(volumes=[{"name": "d", "mount": "/d", "size": "1 gig"}]), "not a valid quantity"),
    (app(volumes=[{"mount": "/d", "size": "1Gi"}]), "name"),
    (
        app(volumes=[{"name": "d", "mount": "/d", "empty_dir": True, "storage_class": "s"}]),
        "needs size",
    ),
    (app(volumes=[{"name": "d", "mount": f"/{i}", "empty_dir": True} for i in "ab"]), "given twice"),
    (app(volumes=[{"name": n, "mount": "/d", "empty_dir": True} for n in "ab"]), "mounted twice"),
    # resources, probes, scaling, strategy
    (app(resources={"requests": {"cpu": "lots"}}), "not a valid quantity"),
    (app(resources={"limits": {"memory": "1GB"}}), "not a valid quantity"),
    (app(resources={"limits": {"memory": "-1Gi"}}), "not a valid quantity"),
    (app(resources={"limit": {"cpu": 1}}), "limit"),
    (app(probes={"readiness": {}}), "one of the following is required: http"),
    (app(probes={"readiness": {"http": "/", "tcp": 80}}), "mutually exclusive"),
    (app(probes={"readiness": {"http": "/"}}), "declares none"),
    (app(ports=[80], probes={"readiness": {"http": "/", "port": "web"}}), "is not a port of this container"),
    (app(ports=[80], probes={"liveness": {"tcp": 70000}}), "not a valid port"),
    (app(probes={"ready": {"http": "/"}}), "ready"),
    (app(autoscale={"cpu": 50}), "max"),
    (app(autoscale={"max": 3}), "one of the following is required: cpu"),
    (app(autoscale={"max": 1, "min": 3, "cpu": 50}), "less than min"),
    (app(autoscale={"max": 3, "min": 0, "cpu": 50}), "too small"),
    (app(autoscale={"max": 3, "cpu": 0}), "cpu"),
    (app(disruption_budget={}), "one of the following is required"),
    (app(disruption_budget={"min_available": 1, "max_unavailable": 1}), "mutually exclusive"),
    (app(disruption_budget={"min_available": "some"}), "neither a number nor a percentage"),
    (app(update_strategy={"type": "Canary"}), "one of: RollingUpdate"),
    (app(update_strategy={"type": "OnDelete"}), "a Deployment supports"),
    (app(update_strategy={"type": "Recreate", "max_surge": 1}), "takes no max_surge"),
    (app(update_strategy={"max_surge": 0, "max_unavailable": 0}), "cannot both be 0"),
    (app(update_strategy={"max_surge": "a lot"}), "neither a number nor a percentage"),
    (app(update_strategy={"partition": 1}), "is for a StatefulSet"),
    (app(kind="StatefulSet", update_strategy={"max_surge": 1}), "a StatefulSet has none"),
    # choices of the task
    (app(state="gone"), "one of: present, absent, restarted"),
    (app(wait="forever"), "one of: none, applied, rolled_out, serving"),
    (app(on_failure="cry"), "one of: keep, rollback, delete"),
    (app(validate="loose"), "one of: strict, warn, ignore"),
    # manifests
    (manifest(apiVersion=None), "apiVersion is missing"),
    (manifest(kind=""), "kind is missing"),
    (manifest(kind=["x"]), "kind is missing or no text"),
    (manifest(metadata=None), "metadata is missing"),
    (manifest(metadata={}), "is not a valid name"),
    (manifest(metadata={"name": 5}), "metadata.name: 5 is not a string; quote it"),
    (manifest(metadata={"name": "a/b"}), "is not a valid name"),
    (manifest(metadata={"generateName": "a-"}), "generateName"),
    (manifest(metadata={"name": "a", "namespace": "A B"}), "not a valid name of a namespace"),
    (manifest(metadata={"name": "a", "labels": ["x"]}), "labels is not a mapping"),
    (manifest(metadata={"name": "a", "labels": {"x": 1}}), "is not a string; quote it"),
    (manifest(metadata={"name": "a", "annotations": {"x": True}}), "is not a string; quote it"),
    (manifest(kind="Confmap"), "unknown kind Confmap"),
    (manifest(kind="configmap"), "did you mean ConfigMap"),
    (manifest(apiVersion="nope.io/v1"), "does not serve nope.io/v1"),
    (manifest(apiVersion="apps/v9", kind="Deployment"), "does not serve apps/v9"),
    ((W, {"manifests": [5]}), "int is not a manifest"),
    ((W, {"manifests": ["nowhere/*.yaml"]}), "no file at"),
    ((W, {"manifests": ["a: [b\nc"]}), "not valid YAML"),
    ((W, {"manifests": ["- a\n- b\n"]}), "a list, not an object"),
    ((W, {"manifests": ["just words\nand more"]}), "text, not an object"),
    ((W, {"manifests": ["a: &a [*a]\nkind: X"]}), "contains itself"),
    ((W, {"manifests": ["kind: A\nkind: B\n"]}), "given twice"),
    ((W, {"manifests": ["a: !!python/object/apply:os.system [id]\n"]}), "not valid YAML"),
    ((W, {"manifests": [f"{BOMB}\nkind: ConfigMap"]}), "when its aliases are expanded"),
    ((W, {"manifests": ["a: " + "[" * 200 + "]" * 200 + "\nb: c"]}), "nested too deeply"),
    ((W, {"manifests": [{"kind": "List", "items": [1, 2]}]}), "items[0]"),
    # scaling
    ((S, {}), "one of the following is required: name, workloads, selector"),
    ((S, {"name": "web"}), "neither a number"),
    ((S, {"name": "web", "replicas": -1}), "neither a number"),
    ((S, {"name": "web", "replicas": "many"}), "neither a number"),
    ((S, {"name": "web", "replicas": 1.5}), "neither a number"),
    ((S, {"name": "web", "replicas": "++1"}), "neither a number"),
    ((S, {"name": "web", "replicas": 10**9}), "neither a number"),
    ((S, {"name": "Web", "replicas": 1}), "RFC 1123"),
    ((S, {"name": "web", "selector": "a=b", "replicas": 1}), "mutually exclusive"),
    ((S, {"name": "web", "replicas": 1, "autoscale": {"max": 2, "cpu": 5}}), "mutually exclusive"),
    ((S, {"name": "nope", "replicas": 1}), "does not exist"),
    ((S, {"selector": "a=nothing", "replicas": 1}), "finds no"),
    ((S, {"name": "web", "kind": "DaemonSet", "replicas": 1}), "serves no scale subresource"),
    ((S, {"workloads": [{"name": "a"}, {"name": "a"}], "replicas": 1}), "named twice"),
    # the others
    ((R, {"name": "nope"}), "there is no Deployment"),
    ((R, {"name": "Bad Name"}), "RFC 1123"),
    ((R, {"name": "web", "action": "explode"}), "one of: status"),
    ((R, {"name": "web", "to_revision": -1}), "a number from 0"),
    ((I, {}), "one of the following is required"),
    ((I, {"name": "web", "log_lines": -1}), "a number from 0"),
    ((X, {"name": "web"}), "argv"),
    ((X, {"name": "web", "argv": []}), "needs at least the command"),
    ((X, {"name": "nope", "argv": ["ls"]}), "there is no"),
    ((X, {"pod": "nope", "argv": ["ls"]}), "there is no pod nope"),
    ((X, {"name": "web", "argv": ["ls"], "timeout": 0}), "at least 1 second"),
    ((L, {"name": "web", "since": "yesterday"}), "not a valid duration"),
    ((L, {"name": "web", "grep": "("}), "not a valid regular expression"),
    ((L, {"name": "web", "tail": -1}), "a number from 0"),
    ((N, {"name": "nope"}), "node nope does not exist"),
    ((N, {"name": "n1", "state": "broken"}), "one of: schedulable"),
    ((N, {"name": "n1", "taints": [{"key": "a b", "effect": "NoSchedule"}]}), "not a valid label key"),
    ((N, {"name": "n1", "taints": [{"key": "a"}]}), "effect is missing"),
    ((N, {"name": "n1", "taints": [{"key": "a", "effect": "Maybe"}]}), "one of: NoSchedule"),
    ((N, {"name": "n1", "labels": {"a": "b c"}}), "not a valid label value"),
    # where and who
    ((W, {**OK, "host": "127.0.0.1"}), "is not a valid URL"),
    ((W, {**OK, "host": "http://127.0.0.1:1"}), "connection refused"),
    ((W, {**OK, "host": "http://no.such.invalid"}), "does not resolve"),
    ((W, {**OK, "host": None, "kubeconfig": "/nowhere/config"}), "does not exist"),
    ((W, {**OK, "host": None, "kubeconfig": "/"}), "cannot be read"),
    ((W, {**OK, "host": None, "kubeconfig": 5}), "a path or a mapping"),
    ((W, {**OK, "host": None, "kubeconfig": {"a": "b"}}), "kubeconfig"),
    ((W, {**OK, "host": None, "kubeconfig": {"clusters": 3, "contexts": 5}}), "kubeconfig"),
    ((W, {**OK, "ca_cert": "/nowhere/ca"}), "ca_cert: /nowhere/ca does not exist"),
]  # fmt: skip


# a mistake that slipped through must not make the test wait
QUICK = {W: {"wait_timeout": 2}}


@pytest.fixture(scope="module")
def api():
    with FakeApi() as fake:
        yield fake


@pytest.mark.parametrize(("task", "text"), CASES, ids=[f"{i}-{c[1]}" for i, c in enumerate(CASES)])
def test_bad_input(api, task, text):
    module, options = task
    options = {
        key: value
        for key, value in {"host": api.url, **QUICK.get(module, {}), **options}.items()
        if value is not None
    }
    result = run_module(module, **options)
    assert result["failed"] and result["rc"]
    assert text in result["msg"]
    assert "Traceback" not in result["msg"] and "exception" not in result
    assert not api.writes


def test_there_are_enough_cases():
    assert len(CASES) >= 120


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"\xff\xfe\x00kind", "is not UTF-8"),
        (b"kind: \xe9", "is not UTF-8"),
        (b"a" * ((16 << 20) + 1), "is larger than"),
    ],
)
def test_bad_files(api, tmp_path, content, text):
    path = tmp_path / "m.yaml"
    path.write_bytes(content)
    result = run_module(W, host=api.url, manifests=[str(path)])
    assert result["failed"] and text in result["msg"] and str(path) in result["msg"]
    assert not api.writes


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        ((200, b"<html>welcome</html>"), "is not a Kubernetes API"),
        ((200, b"[]"), "is not a Kubernetes API"),
        ((200, b""), "is not a Kubernetes API"),
        ((404, b"<html>no</html>"), "does not serve apps/v1"),
        ((401, b'{"kind":"Status","message":"Unauthorized"}'), "401 Unauthorized"),
        ((403, b'{"kind":"Status","message":"forbidden: User x"}'), "forbidden: User x"),
        ((302, b""), "unexpected answer, HTTP 302"),
    ],
)
def test_lying_server(answer, text):
    with FakeApi() as fake:
        fake.answers["/apis/apps/v1"] = lambda: answer
        result = run_module(W, host=fake.url, wait="none", **OK)
        assert result["failed"] and text in result["msg"], result["msg"]
        assert not fake.writes


@pytest.fixture(scope="module")
def expired_server(tmp_path_factory):
    """A TLS server whose certificate ended years ago."""
    ca = certificate(tmp_path_factory.mktemp("tls"), ends=timedelta(days=-1000))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(ca, ca.with_suffix(".key"))
    with LoopbackServer(http.server.BaseHTTPRequestHandler, context) as server:
        yield server.url, str(ca)


def test_expired_certificate(expired_server):
    url, cert = expired_server
    result = run_module(W, host=url, ca_cert=cert, **OK)
    assert result["failed"] and "its certificate has expired" in result["msg"]


def test_untrusted_certificate(expired_server):
    result = run_module(W, host=expired_server[0], **OK)
    assert result["failed"] and "ca_cert" in result["msg"]


@pytest.mark.slow
def test_plain_http_to_a_tls_port(expired_server):
    result = run_module(W, host=expired_server[0].replace("https", "http"), **OK)
    assert result["failed"] and "not reachable" in result["msg"]


@pytest.mark.slow
def test_unreachable_cluster_is_a_result_of_cluster_info():
    result = run_module("cluster_info", host="http://127.0.0.1:1")
    assert result["rc"] == 0 and result["reachable"] is False
    assert "connection refused" in result["reason"]
