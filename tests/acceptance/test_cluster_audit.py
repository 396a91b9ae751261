"""Audit log and encryption of a running cluster of kubeadm, on all of its API servers."""

import json
import os
import signal
import subprocess

import pytest

from support.cluster import container, load_on_api, manifests, on
from support.kubeadm_lab import CONTROL_PLANES

pytestmark = pytest.mark.long

FILES = "/etc/kubernetes/pki/slipway"
LOGS = "/var/log/kubernetes/audit"
SECRETS = {"resources": [{"resources": ["secrets"]}], "level": "Metadata"}
AUDIT = {"rules": [SECRETS, {"level": "None"}]}


def declared(**values):
    """Return the words of the command that declare variables of the role."""
    return "-e", json.dumps({f"kubernetes_{name}": value for name, value in values.items()})


def files(host):
    """Return the files of the role for the API server of a host, with their modes and owners."""
    found = f"stat -c '%a %U %n' {FILES}/* 2>/dev/null || true"
    return on(host, "sh", "-c", found).splitlines()


def stored(name, host="cp1"):
    """Return the first bytes of what etcd has of a Secret."""
    pki = "/etc/kubernetes/pki/etcd"
    read = (
        f"etcdctl --endpoints https://127.0.0.1:2379 --cacert {pki}/ca.crt --cert {pki}/healthcheck-client.crt "
        f"--key {pki}/healthcheck-client.key get --print-value-only /registry/secrets/default/{name}"
    )
    command = ["docker", "exec", container(host), "sh", "-c", read]
    return subprocess.run(command, check=True, capture_output=True).stdout[:40]


def secrets(cluster):
    """Read all Secrets; return the data of those of these tests."""
    found = json.loads(cluster.kubectl("get", "secrets", "-A", "-o", "json"))["items"]
    names = {one["metadata"]["name"]: one.get("data") for one in found}
    return {name: data for name, data in names.items() if name.startswith("own-")}


def settled(cluster, words):
    """Check that the declared state needs nothing more, and that no host has more files than it reads."""
    assert cluster.json("up", *words, "--check")["changed"] == 0
    assert cluster.json("up", *words)["changed"] == 0
    for host, manifest in zip(CONTROL_PLANES, manifests(), strict=True):
        for line in files(host):
            mode, owner, path = line.split()
            assert (mode, owner) == ("600", "root") and path in manifest


@pytest.fixture(scope="module")
def lab(cluster):
    lab = cluster.json("up")
    for number in range(20):
        cluster.kubectl(
            "create", "secret", "generic", f"own-{number}", f"--from-literal=a=word-{number}"
        )
    return lab


@pytest.fixture
def api(lab):
    """Load on the API through the proxies of two nodes."""
    return load_on_api(lab)


def change(cluster, api, words):
    """Bring the cluster to a declared state, first in check mode, under load; return what the command printed."""
    before, known = manifests(), secrets(cluster)
    assert cluster.json("up", *words, "--check", "--diff")["changed"] > 0
    assert manifests() == before
    with api:
        cluster.json("up", *words)
    assert api.requests > 100 and api.failures == []
    assert secrets(cluster) == known and len(known) == 20
    settled(cluster, words)


def logged(name):
    """Return the events in the logs of all API servers that mention a Secret."""
    found = f"cat {LOGS}/audit*.log 2>/dev/null || true"
    lines = "\n".join(on(host, "sh", "-c", found) for host in CONTROL_PLANES).splitlines()
    events = [json.loads(line) for line in lines if line]
    return [one for one in events if one.get("objectRef", {}).get("name") == name]


def test_a_policy_is_logged_by_all_api_servers(cluster, api):
    change(cluster, api, declared(audit_policy=AUDIT))
    cluster.kubectl("get", "secret", "own-3")
    assert "get" in {one["verb"] for one in logged("own-3")}
    for host in CONTROL_PLANES:
        assert on(host, "stat", "-c", "%a", LOGS).strip() == "700"


def test_another_policy_restarts_each_api_server_and_wrong_ones_change_nothing(cluster, api):
    before = manifests()
    wrong = {"rules": [{"level": "metadata"}]}
    assert "kubernetes_audit_policy: rule 1: level" in cluster.refused(
        "up", *declared(audit_policy=wrong)
    )
    clash = declared(audit_policy=AUDIT, api_server_options={"audit-log-path": "-"})
    assert "kubernetes_audit_policy sets it" in cluster.refused("up", *clash)
    assert manifests() == before
    change(cluster, api, declared(audit_policy={"rules": [{"level": "Metadata"}]}))
    assert manifests() != before


def test_a_policy_that_is_taken_out_leaves_its_logs(cluster, api):
    change(cluster, api, declared())
    assert "audit" not in "".join(manifests())
    assert logged("own-3") and files("cp1") == []


def test_secrets_are_encrypted(cluster, api):
    assert stored("own-3").startswith(b"k8s\0")
    change(cluster, api, declared(encrypted_resources=["secrets"]))
    for number in range(20):
        assert stored(f"own-{number}").startswith(b"k8s:enc:secretbox:v1:1:")
    assert len({tuple(files(host)) for host in CONTROL_PLANES}) == 1


def test_the_key_is_never_shown(cluster, lab):
    words = declared(encrypted_resources=["secrets"], encryption_key="shown")
    done = cluster.run("up", *words, "-vvv", "--diff")
    assert done.returncode == 0
    (path,) = (line.split()[-1] for line in files("cp1"))
    (secret,) = (
        line.split()[-1] for line in on("cp1", "cat", path).splitlines() if "secret:" in line
    )
    assert secret not in done.stdout + done.stderr


def test_a_rotation_that_is_killed_continues(cluster, lab):
    words = declared(encrypted_resources=["secrets"], encryption_key="killed")
    start = cluster.start("up", *words)
    used = "$(sed -n 's/.*provider-config=//p' /etc/kubernetes/manifests/kube-apiserver.yaml)"
    wait = f"until grep -q 'name: killed' {used}; do sleep 1; done"
    on("cp1", "timeout", "600", "sh", "-c", wait)
    os.killpg(start.pid, signal.SIGKILL)
    start.communicate()
    known = secrets(cluster)
    cluster.json("up", *words)
    assert secrets(cluster) == known
    assert stored("own-3").startswith(b"k8s:enc:secretbox:v1:killed:")
    settled(cluster, words)


def test_another_key_encrypts_all_secrets_again_under_load(cluster, api):
    change(cluster, api, declared(encrypted_resources=["secrets"], encryption_key="2026-02"))
    for number in range(20):
        assert stored(f"own-{number}").startswith(b"k8s:enc:secretbox:v1:2026-02:")


def test_a_snapshot_of_a_former_key_is_restored_with_it(cluster, lab):
    path = cluster.json("etcd", "save")["snapshot"]["path"]
    known = secrets(cluster)
    words = declared(encrypted_resources=["secrets"], encryption_key="after")
    cluster.json("up", *words)
    cluster.json("etcd", "restore", path, "--working")
    assert secrets(cluster) == known
    assert stored("own-3").startswith(b"k8s:enc:secretbox:v1:2026-02:")
    cluster.json("up", *words)
    assert stored("own-3").startswith(b"k8s:enc:secretbox:v1:after:")


def test_a_control_plane_that_joins_reads_all_secrets(cluster, lab):
    words = declared(encrypted_resources=["secrets"], encryption_key="after", audit_policy=AUDIT)
    cluster.json("up", *words)
    cluster.json("up", *words, "--replace", "cp3")
    read = "kubectl --kubeconfig /etc/kubernetes/admin.conf --server https://127.0.0.1:6443"
    found = on(
        "cp3",
        "sh",
        "-c",
        f"{read} --tls-server-name kubernetes get secret own-3 -o 'jsonpath={{.data.a}}'",
    )
    assert found == "d29yZC0z"
    settled(cluster, words)


def test_secrets_are_decrypted_when_they_are_taken_out(cluster, api):
    change(cluster, api, declared())
    assert all(stored(f"own-{number}").startswith(b"k8s\0") for number in range(20))
    assert "encryption" not in "".join(manifests())
    assert all(files(host) == [] for host in CONTROL_PLANES)
