"""The steps of an encryption (role kubernetes) on a real API server: it takes each file, and reads each Secret."""

from __future__ import annotations

import base64
import json
import urllib.request

import pytest

from ansible_collections.slipway.lab.plugins.plugin_utils.kubeadm_encryption import (
    DIRECTORY,
    encryption_plan,
)
from support.real_api_server import RealApiServer
from support.role_script import install_script, run_script

SECRETS = "/api/v1/namespaces/default/secrets"
NAMES = [f"secret-{number}" for number in range(5)]


@pytest.fixture(scope="module")
def own(server, tmp_path_factory):
    """A server of these tests, which they restart."""
    with RealApiServer(server.programs, tmp_path_factory.mktemp("own")) as real:
        yield real


@pytest.fixture(scope="module")
def host(own, tmp_path_factory):
    """A directory in the place of a control plane of this server, with the script ``rewrite``."""
    path = tmp_path_factory.mktemp("host")
    kubectl = {"kubectl": f'exec {own.programs.kubernetes}/kubectl "$@"'}
    install_script(
        path, "rewrite", kubectl, {"/etc/kubernetes": "", "/var/lib/slipway/kubernetes": "state"}
    )
    (path / "admin.conf").write_text(json.dumps(own.kubeconfig(own.admin_user())))
    return path


def stored(own, name):
    """Return what etcd has of a Secret."""
    key = base64.b64encode(f"/registry/secrets/default/{name}".encode()).decode()
    body = json.dumps({"key": key}).encode()
    with urllib.request.urlopen(f"{own.etcd}/v3/kv/range", body, timeout=30) as answer:
        (found,) = json.load(answer)["kvs"]
    return base64.b64decode(found["value"])


def change(own, host, present, resources, key):
    """Take all steps to a declaration from the present file; return the last file."""
    look = [
        f"key={base64.b64encode(bytes([len(key)]) * 32).decode()}",
        f"path={DIRECTORY}/{present.name}" if present else "path=",
    ]
    if present:
        look.append(f"configuration={base64.b64encode(present.read_bytes()).decode()}")
    declared = {"resources": resources, "key": key, "control_planes": ["cp1"], "leaving": []}
    plan = encryption_plan({"cp1": look}, declared)
    for step in plan["steps"]:
        if step["rewritten"]:
            done = run_script(host, *step["rewritten"])
            assert done.returncode == 0, done.stderr
        present = host / step["path"].rsplit("/", 1)[-1] if step["path"] else None
        if present:
            present.write_text(plan["files"][step["path"]])
        own.restart(*([f"--encryption-provider-config={present}"] if present else []))
        for name in NAMES:
            assert own.must("GET", f"{SECRETS}/{name}")["data"] == {"a": "YQ=="}
    return present


def test_secrets_are_encrypted_get_another_key_and_are_decrypted(own, host):
    for name in NAMES:
        own.must("POST", SECRETS, {"metadata": {"name": name}, "data": {"a": "YQ=="}})
    assert stored(own, NAMES[0]).startswith(b"k8s\0")
    present = None
    for resources, key, prefix in (
        (["secrets", "widgets.example.com"], "1", b"k8s:enc:secretbox:v1:1:"),
        (["secrets", "configmaps"], "22", b"k8s:enc:secretbox:v1:22:"),
        ([], "22", b"k8s\0"),
    ):
        present = change(own, host, present, resources, key)
        assert all(stored(own, name).startswith(prefix) for name in NAMES)
    assert present is None
