import contextlib
import http.server
import json
import threading

import pytest
import yaml

from ansible_collections.slipway.lab.plugins.module_utils.kube import retry
from ansible_collections.slipway.lab.plugins.module_utils.kube import transport as transport_module
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import (
    ApiError,
    KubeError,
    UnreachableError,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.transport import (
    Request,
    Transport,
)
from support.kube_fake import Refused
from support.loopback import LoopbackServer

NAMESPACE = "/api/v1/namespaces/default"


@pytest.fixture
def transport(api):
    transport = Transport({"host": api.url}, patience=5)
    yield transport
    transport.close()


def test_answer_is_read(transport):
    response = transport.send_once(Request("GET", NAMESPACE, {}))
    assert response.status == 200
    assert json.loads(response.read())["metadata"]["name"] == "default"


def test_an_answer_that_breaks_off_is_asked_for_again(api, transport):
    cuts = [True]
    api.cuts.append(lambda method, path: bool(cuts) and cuts.pop())
    answer = transport.send(Request("GET", NAMESPACE, {}))
    assert json.loads(answer)["metadata"]["name"] == "default" and transport.requests == 2
    cuts.append(True)
    body = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}}
    with pytest.raises(UnreachableError):
        transport.send(Request("POST", f"{NAMESPACE}/configmaps", {}, body))
    assert api.get("configmaps", "a") and transport.writes == 1


def test_query_values_are_encoded(api, transport):
    transport.send(Request("GET", NAMESPACE, {"watch": False, "labelSelector": "a=b,c"}))
    assert api.log[-1][1].endswith("?watch=false&labelSelector=a%3Db%2Cc")


def test_a_body_can_be_read_as_json_and_as_yaml():
    text = 'ünï \U0001f389 \x7f\x85\u2028\ufeff \\ud83c "quoted" \n'
    body = transport_module._encode({text: text})
    assert json.loads(body) == {text: text} == yaml.safe_load(body)
    assert b"\\ud83c\\udf89" not in body, "YAML has no surrogate pairs"


def test_refusal_is_an_error_with_its_pause(api, transport):
    def refuse(method, path):
        raise Refused(429, "TooManyRequests", "slow down", after=3)

    api.faults.append(refuse)
    with pytest.raises(ApiError, match="slow down") as caught:
        transport.send_once(Request("GET", NAMESPACE, {}))
    assert (caught.value.status, caught.value.retry_after) == (429, 3.0)


def test_transient_refusal_is_retried(api, transport):
    refusals = [Refused(503, "Unavailable", "busy")] * 2

    def refuse(method, path):
        if refusals:
            raise refusals.pop()

    api.faults.append(refuse)
    assert transport.send(Request("GET", NAMESPACE, {}))
    assert transport.requests == 3


@pytest.mark.parametrize("status", [200, 422])
def test_a_warning_of_the_server_is_a_warning_of_the_task_once(monkeypatch, status):
    class Handler(http.server.BaseHTTPRequestHandler):
        def log_message(self, *_):
            pass

        def do_GET(self):
            self.send_response(status)
            self.send_header("Warning", '299 - "apps/v0 is deprecated"')
            self.send_header("Warning", '299 - "say \\"yes\\"", 299 - "third"')
            self.send_header("Warning", '199 - "of a proxy"')
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

    shown = []
    monkeypatch.setattr(transport_module, "warn", shown.append)
    server = LoopbackServer(Handler)
    transport = Transport({"host": server.url}, patience=1)
    for _ in range(2):
        with contextlib.suppress(ApiError):
            transport.send(Request("GET", "/", {}))
    transport.close()
    server.close()
    assert sorted(shown) == ["apps/v0 is deprecated", 'say "yes"', "third"]


def test_broken_connection_is_unreachable(api, transport):
    def cut(method, path):
        raise ConnectionAbortedError

    api.faults.append(cut)
    with pytest.raises(UnreachableError):
        transport.send_once(Request("GET", NAMESPACE, {}))


def test_server_that_never_answered_gets_little_patience(monkeypatch):
    pauses = []
    monkeypatch.setattr(retry.time, "sleep", pauses.append)
    monkeypatch.setattr(retry, "INITIAL_BACKOFF", 1.5)
    monkeypatch.setattr(retry.Retry, "_may_repeat", lambda self, error: len(pauses) < 3)
    transport = Transport({"host": "http://127.0.0.1:9"}, patience=60)
    with pytest.raises(UnreachableError, match="nothing listens there"):
        transport.send(Request("GET", "/", {}))
    assert len(pauses) == 1


def test_writes_are_counted_without_dry_runs(api, transport):
    path = f"{NAMESPACE}/configmaps/a"
    body = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}}
    kind = "application/apply-patch+yaml"
    for query in ({"dryRun": "All", "fieldManager": "m"}, {"fieldManager": "m"}):
        transport.send(Request("PATCH", path, query, body, kind))
    transport.send(Request("GET", path, {}))
    assert (transport.requests, transport.writes) == (3, 1)


def test_websocket_headers_authenticate():
    transport = Transport({"host": "http://127.0.0.1:9", "api_key": "token"}, patience=1)
    assert transport.websocket_headers()["authorization"] == "Bearer token"


def test_websocket_headers_impersonate_and_carry_a_password():
    params = {
        "host": "http://127.0.0.1:9",
        "username": "me",
        "password": "x",
        "impersonate_user": "robot",
    }
    groups = {"impersonate_groups": ["a", "b"]}
    headers = Transport({**params, **groups}, patience=1).websocket_headers()
    assert headers["authorization"].startswith("Basic ")
    assert headers["sec-websocket-protocol"].split("\r\n")[1:] == [
        "Impersonate-User: robot", "Impersonate-Group: a", "Impersonate-Group: b",
    ]  # fmt: skip


def test_a_line_break_in_a_header_is_refused():
    params = {"host": "http://127.0.0.1:9", "impersonate_user": "robot\r\nX: y"}
    with pytest.raises(KubeError, match="line break"):
        Transport(params, patience=1)


def test_lines_arrive_although_a_proxy_answers_without_chunks():
    first_was_read = threading.Event()

    class Handler(http.server.BaseHTTPRequestHandler):
        def log_message(self, *_):
            pass

        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"one\n")
            self.last = first_was_read.wait(5)
            self.wfile.write(b"two\n" if self.last else b"late\n")

    server = LoopbackServer(Handler)
    transport = Transport({"host": server.url}, patience=5)
    lines = transport.send_once(Request("GET", "/watch", {})).lines()
    assert next(lines) == b"one"
    first_was_read.set()
    assert list(lines) == [b"two"]
    transport.close()
    server.close()


def test_a_plugin_runs_once_for_requests_and_websockets(api, tmp_path):
    runs = tmp_path / "runs"
    answer = '{"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential", "status": {"token": "t"}}'
    script = f"echo x >>{runs}; echo '{answer}'"
    plugin = {
        "apiVersion": "client.authentication.k8s.io/v1",
        "command": "sh",
        "args": ["-c", script],
        "interactiveMode": "Never",
    }
    kubeconfig = {
        "current-context": "one",
        "contexts": [{"name": "one", "context": {"cluster": "c", "user": "u"}}],
        "clusters": [{"name": "c", "cluster": {"server": api.url}}],
        "users": [{"name": "u", "user": {"exec": plugin}}],
    }
    transport = Transport({"kubeconfig": kubeconfig}, patience=5)
    assert transport.configuration.host == api.url
    assert transport.configuration is transport.configuration
    transport.close()
    assert runs.read_text() == "x\n"


def test_a_plain_connection_makes_settings_of_the_official_client_once(transport, api):
    assert transport.configuration.host == api.url
    assert transport.configuration is transport.configuration
