"""Tests of ``practice.api``."""

import base64
import json
import ssl
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from ansible_collections.slipway.lab.plugins.plugin_utils.practice.api import Api, ApiError
from ansible_collections.slipway.lab.plugins.plugin_utils.practice.published import publish
from ansible_collections.slipway.lab.plugins.plugin_utils.practice.record import Record
from ansible_collections.slipway.lab.plugins.plugin_utils.practice.scene import Scene
from support.certificate_authority import Authority

PODS = "/api/v1/namespaces/mine/pods"
DEPLOYMENTS = "/apis/apps/v1/namespaces/mine/deployments"


class Server:
    """An API server with TLS on loopback: the answers by path, and the requests."""

    def __init__(self, folder, *names):
        self.answers, self.requests = {}, []
        authority = Authority(folder)
        self.authority = authority.path.read_text()
        pair = authority.issue("server", names=names)
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                length = int(self.headers.get("Content-Length") or 0)
                body = self.rfile.read(length).decode()
                outer.requests.append(
                    (self.command, self.path, self.headers["Authorization"], body)
                )
                missing = {"reason": "NotFound", "message": 'pods "x" not found'}
                status, answer = outer.answers.get(self.path, (404, missing))
                self.send_response(status)
                self.end_headers()
                self.wfile.write(json.dumps(answer).encode())

            do_PATCH = do_GET

            def log_message(self, *words):
                """Keep the output of the tests clean."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pair, pair.with_suffix(".key"))
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"https://127.0.0.1:{self.server.server_address[1]}"

    def kubeconfig(self, folder, **cluster):
        known = {
            "server": self.url,
            "certificate-authority-data": base64.b64encode(self.authority.encode()).decode(),
            **cluster,
        }
        content = {"clusters": [{"cluster": known}], "users": [{"user": {"token": "t"}}]}
        (folder / "kubeconfig").write_text(json.dumps(content))
        return str(folder / "kubeconfig")

    def close(self):
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def server(tmp_path):
    found = Server(tmp_path, "127.0.0.1")
    yield found
    found.close()


@pytest.fixture
def api(server, tmp_path):
    return Api.load(server.kubeconfig(tmp_path), {})


def items(kind, *names):
    found = [{"metadata": {"name": name}} for name in names]
    return 200, {"kind": f"{kind}List", "apiVersion": "v1", "items": found}


def test_an_object_is_read_with_the_token(server, api):
    server.answers[f"{DEPLOYMENTS}/web"] = (200, {"kind": "Deployment"})
    assert api.get("mine", "deployment web", 2) == {"kind": "Deployment"}
    assert server.requests == [("GET", f"{DEPLOYMENTS}/web", "Bearer t", "")]


@pytest.mark.parametrize(
    "query", ["pods --selector app=web", "pods --selector=app=web", "pods -l app=web"]
)
def test_a_list_is_read_as_kubectl_prints_it(server, api, query):
    server.answers[f"{PODS}?labelSelector=app%3Dweb"] = items("Pod", "a", "b")
    assert api.get("mine", query, 2) == [
        {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}} for name in "ab"
    ]


def test_several_kinds_are_one_list(server, api):
    server.answers |= {
        f"{DEPLOYMENTS}?fieldSelector=a%3Db": items("Deployment", "web"),
        f"{PODS}?fieldSelector=a%3Db": items("Pod", "web-1"),
    }
    found = api.get("mine", "deployments,pods --field-selector a=b", 2)
    assert [one["kind"] for one in found] == ["Deployment", "Pod"]


@pytest.mark.parametrize(
    "query",
    [
        "nodes",
        "pods --namespace kube-system",
        "deployment/web",
        "pods a b",
        "pods,services a",
        "pods --watch",
    ],
)
def test_what_only_kubectl_understands_is_left_to_it(server, api, query):
    with pytest.raises(LookupError):
        api.get("mine", query, 2)
    assert server.requests == []


def test_a_missing_object_has_the_message_of_kubectl(api):
    with pytest.raises(ApiError, match=r'^Error from server \(NotFound\): pods "x" not found$'):
        api.get("mine", "pod x", 2)


def test_a_server_that_does_not_answer_or_is_another_one(server, api, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    wrong = Server(other, "127.0.0.1")
    found = Api.load(server.kubeconfig(tmp_path, server=wrong.url), {})
    with pytest.raises(ApiError, match="certificate verify failed"):
        found.get("mine", "pod x", 2)
    wrong.close()
    with pytest.raises(ApiError, match="no answer from"):
        found.get("mine", "pod x", 2)
    assert wrong.requests == []


def test_a_forwarded_server_is_checked_for_its_own_name(tmp_path):
    server = Server(tmp_path, "lab.internal")
    try:
        server.answers[f"{PODS}/x"] = (200, {"kind": "Pod"})
        named = server.kubeconfig(tmp_path, **{"tls-server-name": "lab.internal"})
        assert Api.load(named, {}).get("mine", "pod x", 2) == {"kind": "Pod"}
        with pytest.raises(ApiError, match="certificate verify failed"):
            Api.load(server.kubeconfig(tmp_path), {}).get("mine", "pod x", 2)
    finally:
        server.close()


def test_another_kubeconfig_and_a_proxy_are_left_to_kubectl(server, tmp_path):
    path = server.kubeconfig(tmp_path)
    assert Api.load(path, {"https_proxy": "http://proxy"}) is None
    (tmp_path / "kubeconfig").write_text("apiVersion: v1\nclusters: []\n")
    assert Api.load(path, {}) is None and Api.load(str(tmp_path / "no"), {}) is None


def test_a_scene_of_a_class_reads_and_publishes_without_kubectl(server, tmp_path):
    environment = {"KUBECONFIG": server.kubeconfig(tmp_path), "PATH": "/nowhere"}
    scene = Scene("demo", "class-math-student-01", ".", environment, {"name": "web"}, (), "math")
    path = "/apis/apps/v1/namespaces/class-math-student-01/deployments/web"
    server.answers[path] = (200, {"kind": "Deployment"})
    assert scene.get("deployment {{ name }}") == ({"kind": "Deployment"}, "")
    assert scene.get("pod x")[0] is None and "NotFound" in scene.get("pod x")[1]
    record = Record(tmp_path / "demo.json")
    server.answers["/api/v1/namespaces/class-math/configmaps/record-student-01"] = (200, {})
    assert publish(scene, record) == ""
    assert json.loads(server.requests[-1][-1]) == {"data": {"demo": record.text()}}
    server.answers.clear()
    assert "NotFound" in publish(scene, record)
