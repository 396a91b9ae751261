"""Accounts of an OpenID Connect provider in a kubeconfig, on a real API server that trusts the provider."""

from __future__ import annotations

import base64
import time

import pytest
import yaml

from support.module_runner import run_module
from support.oidc_issuer import CLIENT, SECRET

EXPIRED = -60
START_SECONDS = 60


@pytest.fixture(scope="module")
def issuer(server):
    """The provider; its user may do everything, and the API server has read its key."""
    role = {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "cluster-admin"}
    subject = {"kind": "User", "apiGroup": role["apiGroup"], "name": f"oidc:{server.oidc.user}"}
    body = {"metadata": {"name": "oidc"}, "roleRef": role, "subjects": [subject]}
    server.must("POST", "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings", body)
    end = time.monotonic() + START_SECONDS  # the API server asks the provider every 10 s
    user = {"token": server.oidc.token()}
    while not run_module("cluster_info", kubeconfig=server.kubeconfig(user))["nodes"]:
        assert time.monotonic() < end
        time.sleep(0.5)
    yield server.oidc


@pytest.fixture
def login(server, issuer, tmp_path):
    """Write a kubeconfig with the tokens of a user, as a login writes it."""

    def write(id_token: str, refresh_token: str = "first"):
        issuer.refresh_tokens = {"first"}
        config = {
            "idp-issuer-url": issuer.url,
            "idp-certificate-authority-data": base64.b64encode(server.ca.read_bytes()).decode(),
            "client-id": CLIENT,
            "client-secret": SECRET,
            "id-token": id_token,
            "refresh-token": refresh_token,
        }
        path = tmp_path / "config"
        user = {"auth-provider": {"name": "oidc", "config": config}}
        path.write_text(yaml.safe_dump(server.kubeconfig(user)))
        return path

    return write


def look(path) -> dict:
    return run_module("cluster_info", kubeconfig=str(path))


def test_a_token_that_is_valid_is_used_as_it_is(login, issuer):
    path = login(issuer.token())
    before = path.read_text()
    assert look(path)["nodes"]
    assert path.read_text() == before and issuer.refresh_tokens == {"first"}


def test_a_token_that_has_expired_is_renewed_and_kept_for_the_next_task(login, issuer):
    path = login(issuer.token(lasts=EXPIRED))
    assert look(path)["nodes"]
    config = yaml.safe_load(path.read_text())["users"][0]["user"]["auth-provider"]["config"]
    # a refresh token counts once, so one that was not written would end the login of the user
    assert {config["refresh-token"]} == issuer.refresh_tokens == {"first-next"}
    assert look(path)["nodes"] and issuer.refresh_tokens == {"first-next"}


def test_a_login_that_has_ended_is_named_without_its_secrets(login, issuer):
    path = login(issuer.token(lasts=EXPIRED), refresh_token="too-old")
    before = path.read_text()
    result = look(path)
    assert not result["reachable"]
    assert "invalid_grant" in result["reason"] and "log in again" in result["reason"]
    assert not any(secret in str(result) for secret in (SECRET, "too-old"))
    assert path.read_text() == before
