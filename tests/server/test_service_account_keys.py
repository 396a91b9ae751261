"""Another key of service accounts (role kubernetes) on a real API server: when tokens of the former key end."""

from __future__ import annotations

import base64
import json
import subprocess
import time
import urllib.error
import urllib.request

import pytest

from ansible_collections.slipway.lab.plugins.plugin_utils.kubeadm_service_account import (
    former_key_reasons,
    service_account_plan,
)
from support.real_api_server import RealApiServer
from support.role_script import install_script, run_script

SECRETS = "/api/v1/namespaces/default/secrets"
LEGACY = {
    "type": "kubernetes.io/service-account-token",
    "metadata": {"name": "robot", "annotations": {"kubernetes.io/service-account.name": "a"}},
}


class KeyedServer(RealApiServer):
    """A server with the key pair of a directory that stands for a control plane."""

    def _service_account_key(self):
        pki = self.folder / "host/pki"
        path = self.folder / "accounts.key"
        path.write_text("".join((pki / name).read_text() for name in ("sa.key", "sa.pub")))
        return path


@pytest.fixture(scope="module")
def own(server, tmp_path_factory):
    """A server of these tests, which they restart."""
    folder = tmp_path_factory.mktemp("own")
    host = folder / "host"
    (host / "pki").mkdir(parents=True)
    (host / "manifests").mkdir()
    (host / "manifests/kube-apiserver.yaml").touch()
    key, public = host / "pki/sa.key", host / "pki/sa.pub"
    subprocess.run(["openssl", "genrsa", "-out", key, "2048"], check=True, capture_output=True)
    subprocess.run(["openssl", "pkey", "-in", key, "-pubout", "-out", public], check=True)
    with KeyedServer(server.programs, folder) as real:
        kubectl = f'exec {real.programs.kubernetes}/kubectl "$@" --server {real.url} --tls-server-name kubernetes.test'
        places = {"/etc/kubernetes": "", "/var/lib/slipway/kubernetes": "state"}
        install_script(host, "service-account-keys", {"kubectl": kubectl}, places)
        (host / "admin.conf").write_text(json.dumps(real.kubeconfig(real.admin_user())))
        yield real


def ran(own, *words):
    done = run_script(own.folder / "host", *words)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def plan(own, key):
    declared = {"key": key, "overlap": 0, "control_planes": ["cp1"], "leaving": []}
    return service_account_plan({"cp1": ran(own, "look")}, declared)


def status(own, token):
    """Return the status of a request with a token. Without a right to the path, a valid one gets 403."""
    request = urllib.request.Request(f"{own.url}/api/v1/nodes")
    request.add_header("Authorization", f"Bearer {token}")
    context = own.tls.__class__(own.tls.protocol)
    context.load_verify_locations(own.ca)
    try:
        with urllib.request.urlopen(request, timeout=30, context=context) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


def write(own, files):
    for one in files:
        path = own.folder / "host/pki" / one["path"].rsplit("/", 1)[-1]
        if one.get("state") == "absent":
            path.unlink()
        else:
            path.write_text(one["content"])


def secret_token(own):
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if "token" in (data := own.must("GET", f"{SECRETS}/robot").get("data", {})):
            return base64.b64decode(data["token"]).decode()
        time.sleep(0.2)
    raise AssertionError("the controller manager made no token")


def test_tokens_stay_valid_until_the_former_key_goes(own):
    first = own.account("default", "a")
    # A Secret whose account does not exist is deleted.
    own.must("POST", SECRETS, LEGACY)
    legacy = secret_token(own)
    steps = []
    while (found := plan(own, "2"))["step"]:
        steps.append(found["step"])
        assert (
            status(own, first)
            == status(own, legacy)
            == status(own, own.account("default", "a"))
            == 403
        )
        reasons = former_key_reasons(found, ran(own, "secrets"), {"cp1": []}, ["cp1"])
        if found["step"] in ("create", "drop"):
            assert "The Secret default/robot" in reasons[0]
        if found["step"] == "create":
            ran(own, "create", "2")
        write(own, found["files"])
        if found["pending"]:
            own.restart()
    assert steps == ["create", "verify", "sign", "drop"]
    assert status(own, first) == status(own, legacy) == 401
    assert status(own, own.account("default", "a")) == 403
