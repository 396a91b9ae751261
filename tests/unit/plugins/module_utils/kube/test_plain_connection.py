"""Tests of ``kube.plain_connection``: the same connections as those of the official client, or none."""

from __future__ import annotations

import base64
import json
import subprocess

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.official_client import (
    official_connection,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.plain_connection import (
    plain_connection,
)

SERVER = {"server": "https://api:6443/"}


def kubeconfig(user=None, cluster=None):
    context = {"cluster": "c", "user": "u"}
    return {
        "current-context": "one",
        "contexts": [{"name": "one", "context": context}],
        "clusters": [{"name": "c", "cluster": {**SERVER, **(cluster or {})}}],
        "users": [{"name": "u", "user": user or {}}],
    }


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    """A certificate and its key."""
    folder = tmp_path_factory.mktemp("pair")
    paths = [str(folder / name) for name in ("cert.pem", "key.pem")]
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    subject = ["-nodes", "-subj", "/CN=me", "-out", paths[0], "-keyout", paths[1]]
    subprocess.run([*command, *subject], check=True, capture_output=True)
    return paths


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def encoded(path):
    with open(path, "rb") as file:
        return base64.b64encode(file.read()).decode()


def same(params):
    """Return the plain connection, which must be that of the official client."""
    plain, official = plain_connection(params), official_connection(params)
    assert plain.host == official.host
    assert plain.authorization() == official.authorization()
    assert plain.impersonation == official.impersonation
    assert plain.headers["User-Agent"] == official.headers["User-Agent"]
    chosen = plain.pool.connection_pool_kw
    assert chosen.get("server_hostname") == official.pool.connection_pool_kw.get("server_hostname")
    if plain.host.startswith("https"):
        assert chosen["cert_reqs"] == official.pool.connection_pool_kw["cert_reqs"]
    return plain


def test_certificates_as_text_and_as_files(pair):
    as_files = {"client-certificate": pair[0], "client-key": pair[1]}
    as_text = {f"{name}-data": encoded(path) for name, path in as_files.items()}
    for user, cluster in (
        (as_files, {"certificate-authority": pair[0]}),
        (as_text, {"certificate-authority-data": encoded(pair[0])}),
    ):
        context = same({"kubeconfig": kubeconfig(user, cluster)}).pool.connection_pool_kw[
            "ssl_context"
        ]
        assert [one["subject"] for one in context.get_ca_certs()] == [((("commonName", "me"),),)]


@pytest.mark.parametrize(
    ("user", "cluster", "options"),
    [
        ({"token": "secret"}, {}, {}),
        ({"token": ""}, {"tls-server-name": "other"}, {}),
        ({"token": "secret", "as": "robot", "as-groups": ["a"]}, {}, {}),
        ({}, {"insecure-skip-tls-verify": True}, {}),
        ({}, {"insecure-skip-tls-verify": True}, {"validate_certs": True}),
        ({"token": "secret"}, {}, {"api_key": "other", "validate_certs": False}),
        ({"token": "secret"}, {}, {"host": "http://127.0.0.1:1"}),
    ],
)
def test_other_ways_to_be_recognized(tmp_path, user, cluster, options):
    content = kubeconfig(user, cluster)
    same({"kubeconfig": content, **options})
    path = tmp_path / "config"
    path.write_text(json.dumps(content))
    same({"kubeconfig": str(path), **options})


def test_a_host_without_a_kubeconfig():
    same({"host": "http://127.0.0.1:8001/", "api_key": "secret"})
    same({"host": "https://api"})


def test_several_files_of_the_environment(tmp_path, monkeypatch):
    whole = kubeconfig({"token": "secret"})
    for part in ("contexts", "clusters", "users"):
        content = {
            name: value for name, value in whole.items() if name in (part, "current-context")
        }
        (tmp_path / part).write_text(json.dumps(content))
    names = ("none", "contexts", "clusters", "users")
    monkeypatch.setenv("KUBECONFIG", ":".join(str(tmp_path / name) for name in names))
    assert same({}).authorization() == "Bearer secret"
    (tmp_path / "none").write_text("{")
    assert plain_connection({}) is None


@pytest.mark.parametrize(
    "params",
    [
        {"host": "https://api", "username": "me", "password": "x"},
        {"host": "https://api", "proxy": "http://127.0.0.1:1"},
        {"host": "api"},
        {"host": "https://api", "ca_cert": "/none"},
        {"host": "http://api", "ca_cert": "/none"},
        {"kubeconfig": 5},
        {"kubeconfig": "/none"},
        {"kubeconfig": kubeconfig(), "context": "none"},
        {"kubeconfig": kubeconfig({"exec": {"command": "x"}})},
        {"kubeconfig": kubeconfig({"auth-provider": {"name": "oidc"}})},
        {"kubeconfig": kubeconfig({"tokenFile": "/x"})},
        {"kubeconfig": kubeconfig({"username": "me", "password": "x"})},
        {"kubeconfig": kubeconfig({"client-certificate-data": "no base64"})},
        {"kubeconfig": kubeconfig({"client-certificate": "relative.pem"})},
        {"kubeconfig": kubeconfig(cluster={"proxy-url": "http://127.0.0.1:1"})},
        {"kubeconfig": kubeconfig(cluster={"server": None})},
        {"kubeconfig": {"contexts": "x"}},
    ],
)
def test_what_is_unusual_or_broken_is_left_to_the_official_client(params):
    assert plain_connection(params) is None


def test_a_proxy_of_the_environment_is_left_to_the_official_client(monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    assert plain_connection({"host": "https://api"}) is None
    assert plain_connection({"host": "http://api"})


def test_an_encrypted_key_asks_for_no_password(pair, tmp_path):
    secret = tmp_path / "secret.pem"
    command = [
        "openssl",
        "ec",
        "-in",
        pair[1],
        "-aes256",
        "-passout",
        "pass:secret",
        "-out",
        secret,
    ]
    subprocess.run(command, check=True, capture_output=True)
    options = {"host": "https://api", "client_cert": pair[0], "client_key": str(secret)}
    assert plain_connection(options) is None
