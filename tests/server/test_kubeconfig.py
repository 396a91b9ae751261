"""Every way to an API server and its accounts that a kubeconfig can describe, on a real API server."""

from __future__ import annotations

import base64
import itertools
import json
import socket
import threading
import time
from pathlib import Path

import pytest
import yaml

from support.module_runner import run_module

ACCOUNT = "reader"
# The error when the API server let a command pass, and the kubelet of the tests refused it.
FROM_KUBELET = "the command could not be run"
USERS = itertools.count(1)


def data_of(path: Path) -> str:
    return base64.b64encode(path.read_bytes()).decode()


@pytest.fixture(scope="module")
def token(server):
    """A token of an account that may do everything."""
    value = server.account("default", ACCOUNT)
    role = {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "cluster-admin"}
    subject = {"kind": "ServiceAccount", "name": ACCOUNT, "namespace": "default"}
    body = {"metadata": {"name": ACCOUNT}, "roleRef": role, "subjects": [subject]}
    server.must("POST", "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings", body)
    return value


def look(**options) -> dict:
    return run_module("cluster_info", **options)


def reads_nodes(**options) -> bool:
    result = look(**options)
    assert result["reachable"], result["reason"]
    assert not result["reason"], result["reason"]
    return [node["name"] for node in result["nodes"]] == ["n1"]


@pytest.fixture(scope="module")
def pod(server):
    """A pod that the accounts of the tests may read. Its kubelet refuses commands."""
    rules = [{"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}]
    rbac = "/apis/rbac.authorization.k8s.io/v1"
    server.must("POST", f"{rbac}/clusterroles", {"metadata": {"name": "see-pods"}, "rules": rules})
    group = "rbac.authorization.k8s.io"
    role = {"apiGroup": group, "kind": "ClusterRole", "name": "see-pods"}
    users = [{"apiGroup": group, "kind": "User", "name": name} for name in ("nobody", "someone")]
    body = {"metadata": {"name": "see-pods"}, "roleRef": role, "subjects": users}
    server.must("POST", f"{rbac}/clusterrolebindings", body)
    spec = {"containers": [{"name": "c", "image": "c"}], "automountServiceAccountToken": False}
    path = "/api/v1/namespaces/default/pods"
    server.must("POST", path, {"metadata": {"name": "sleeper"}, "spec": spec})
    while server.must("GET", f"{path}/sleeper").get("status", {}).get("phase") != "Running":
        time.sleep(0.1)
    yield "sleeper"
    server.must("DELETE", f"{path}/sleeper")


def ask_for_command(pod, **options) -> str:
    """Ask for a command in a pod, which needs a WebSocket and the right to it; return the error."""
    return run_module("workload_exec", pod=pod, argv=["true"], namespace="default", **options)[
        "msg"
    ]


def test_certificates_as_files_and_as_data(server):
    files = server.kubeconfig(server.admin_user())
    assert reads_nodes(kubeconfig=files)
    key = server.admin.with_suffix(".key")
    user = {"client-certificate-data": data_of(server.admin), "client-key-data": data_of(key)}
    text = server.kubeconfig(user, **{"certificate-authority-data": data_of(server.ca)})
    del text["clusters"][0]["cluster"]["certificate-authority"]
    assert reads_nodes(kubeconfig=text)
    assert reads_nodes(kubeconfig=json.dumps(text))
    assert reads_nodes(kubeconfig=yaml.safe_dump(text))


def test_a_token_as_text_and_in_a_file(server, token, tmp_path):
    assert reads_nodes(kubeconfig=server.kubeconfig({"token": token}))
    (tmp_path / "token").write_text(token)
    assert reads_nodes(kubeconfig=server.kubeconfig({"tokenFile": str(tmp_path / "token")}))
    assert reads_nodes(host=server.url, ca_cert=str(server.ca), api_key=token)


def test_paths_are_relative_to_the_file_that_has_them(server, tmp_path, monkeypatch):
    folder = tmp_path / "config"
    folder.mkdir()
    for path in (server.ca, server.admin, server.admin.with_suffix(".key")):
        (folder / path.name).write_bytes(path.read_bytes())
    content = server.kubeconfig(
        {"client-certificate": "admin.crt", "client-key": "admin.key"},
        **{"certificate-authority": "ca.crt"},
    )
    (folder / "config").write_text(yaml.safe_dump(content))
    monkeypatch.chdir(tmp_path)
    assert reads_nodes(kubeconfig="config/config")


def test_several_files_are_merged_and_the_first_context_counts(
    server, token, tmp_path, monkeypatch
):
    whole = server.kubeconfig({"token": token})
    one = {**whole, "users": [], "clusters": []}
    two = {**whole, "contexts": [], "current-context": "other"}
    for name, content in (("one", one), ("two", two)):
        (tmp_path / name).write_text(yaml.safe_dump(content))
    monkeypatch.setenv("KUBECONFIG", f"{tmp_path}/one:{tmp_path}/none:{tmp_path}/two")
    assert reads_nodes()


def plugin(tmp_path: Path, status: dict, **more) -> dict:
    answer = {
        "apiVersion": "client.authentication.k8s.io/v1",
        "kind": "ExecCredential",
        "status": status,
    }
    script = tmp_path / f"plugin-{next(USERS)}"
    script.write_text(
        f"#!/bin/sh\ntest \"$WORD\" = open || exit 3\ncat <<'END'\n{json.dumps(answer)}\nEND\n"
    )
    script.chmod(0o755)
    return {
        "exec": {
            "apiVersion": "client.authentication.k8s.io/v1",
            "command": str(script),
            "env": [{"name": "WORD", "value": "open"}],
            "interactiveMode": "Never",
            **more,
        }
    }


def test_a_plugin_gives_a_token_or_a_certificate(server, token, tmp_path):
    assert reads_nodes(kubeconfig=server.kubeconfig(plugin(tmp_path, {"token": token})))
    key = server.admin.with_suffix(".key")
    pair = {"clientCertificateData": server.admin.read_text(), "clientKeyData": key.read_text()}
    assert reads_nodes(kubeconfig=server.kubeconfig(plugin(tmp_path, pair)))


def test_a_plugin_that_fails_is_named(server, tmp_path):
    user = plugin(tmp_path, {}, env=[])
    result = look(kubeconfig=server.kubeconfig(user))
    assert not result["reachable"] and user["exec"]["command"] in result["reason"]


def test_impersonation_acts_with_the_rights_of_another(server):
    user = {**server.admin_user(), "as": "nobody", "as-groups": ["none"]}
    result = look(kubeconfig=server.kubeconfig(user))
    assert 'User "nobody" cannot list resource "nodes"' in result["reason"]
    result = look(kubeconfig=server.kubeconfig(server.admin_user()), impersonate_user="someone")
    assert 'User "someone" cannot list' in result["reason"]
    master = {**server.admin_user(), "as": "x", "as-groups": ["system:masters"]}
    assert reads_nodes(kubeconfig=server.kubeconfig(master))


def test_a_command_in_a_pod_is_run_with_the_rights_of_another(server, pod):
    admin = server.admin_user()
    for name, options in {
        "nobody": {
            "kubeconfig": server.kubeconfig({**admin, "as": "nobody", "as-groups": ["a b"]})
        },
        "someone": {"kubeconfig": server.kubeconfig(admin), "impersonate_user": "someone"},
    }.items():
        message = ask_for_command(pod, **options)
        assert f'User "{name}" cannot' in message and 'resource "pods/exec"' in message
    master = {**admin, "as": "x", "as-groups": ["none", "system:masters"]}
    assert FROM_KUBELET in ask_for_command(pod, kubeconfig=server.kubeconfig(master))


def test_a_name_and_a_password_are_refused_with_the_reason(server):
    result = look(kubeconfig=server.kubeconfig({"username": "me", "password": "secret-word"}))
    assert "the API server recognized no credentials" in result["reason"]
    assert "secret-word" not in str(result)


def test_the_name_in_the_certificate_can_be_another(server, token, pod):
    other = server.url.replace("127.0.0.1", "127.0.0.2")
    with Relay(server.url, "127.0.0.2") as relay:
        url = other.rsplit(":", 1)[0] + f":{relay.port}"
        plain = look(kubeconfig=server.kubeconfig({"token": token}, server=url))
        assert "certificate is for another name" in plain["reason"]
        named = {"server": url, "tls-server-name": "kubernetes.test"}
        assert reads_nodes(kubeconfig=server.kubeconfig({"token": token}, **named))
        assert FROM_KUBELET in ask_for_command(
            pod, kubeconfig=server.kubeconfig({"token": token}, **named)
        )


def test_an_address_of_version_6(server, token, pod):
    try:
        relay = Relay(server.url, "::1", socket.AF_INET6)
    except OSError:
        pytest.skip("this machine has no ::1")
    with relay:
        assert reads_nodes(
            kubeconfig=server.kubeconfig({"token": token}, server=f"https://[::1]:{relay.port}")
        )
        assert reads_nodes(
            host=f"https://[::1]:{relay.port}", ca_cert=str(server.ca), api_key=token
        )
        assert FROM_KUBELET in ask_for_command(
            pod, host=f"https://[::1]:{relay.port}", ca_cert=str(server.ca), api_key=token
        )


def test_a_proxy_is_asked_for_a_tunnel(server, token, pod):
    with Relay(server.url, "127.0.0.1", proxy=True) as relay:
        proxy = f"http://127.0.0.1:{relay.port}"
        assert reads_nodes(kubeconfig=server.kubeconfig({"token": token}, **{"proxy-url": proxy}))
        assert relay.tunnels > 0
        before = relay.tunnels
        assert reads_nodes(kubeconfig=server.kubeconfig({"token": token}), proxy=proxy)
        assert relay.tunnels > before
        before = relay.tunnels
        assert FROM_KUBELET in ask_for_command(
            pod, kubeconfig=server.kubeconfig({"token": token}, **{"proxy-url": proxy})
        )
        assert relay.tunnels > before


def test_the_account_of_a_pod(server, token, tmp_path, monkeypatch):
    from kubernetes.config import incluster_config

    (tmp_path / "token").write_text(token)
    host, port = server.url.removeprefix("https://").split(":")
    monkeypatch.setenv("KUBERNETES_SERVICE_HOST", host)
    monkeypatch.setenv("KUBERNETES_SERVICE_PORT", port)
    monkeypatch.delenv("KUBECONFIG", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(incluster_config, "SERVICE_TOKEN_FILENAME", str(tmp_path / "token"))
    monkeypatch.setattr(incluster_config, "SERVICE_CERT_FILENAME", str(server.ca))
    assert reads_nodes()


def test_an_unknown_authority_is_refused_and_can_be_allowed(server, token):
    config = server.kubeconfig({"token": token})
    del config["clusters"][0]["cluster"]["certificate-authority"]
    assert "is not trusted" in look(kubeconfig=config)["reason"]
    config["clusters"][0]["cluster"]["insecure-skip-tls-verify"] = True
    assert reads_nodes(kubeconfig=config)


class Relay:
    """Passes connections on to a server; as a proxy, after the request for a tunnel."""

    def __init__(self, url: str, address: str, family=socket.AF_INET, proxy: bool = False):
        host, port = url.removeprefix("https://").split(":")
        self._target, self._proxy, self.tunnels = (host, int(port)), proxy, 0
        self._listener = socket.socket(family)
        try:
            self._listener.bind((address, 0))
        except OSError:
            self._listener.close()
            raise
        self._listener.listen()
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Relay:
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            if self._proxy:
                request = b""
                while b"\r\n\r\n" not in request:
                    request += client.recv(4096)
                assert request.startswith(b"CONNECT ")
                self.tunnels += 1
                client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            server = socket.create_connection(self._target)
            for source, target in ((client, server), (server, client)):
                threading.Thread(target=_pass_on, args=(source, target), daemon=True).start()


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        return
