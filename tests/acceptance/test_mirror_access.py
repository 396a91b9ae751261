"""Writes to the mirror by pods and by other accounts of the control machine, all of them refused."""

from __future__ import annotations

import json
import multiprocessing
import os
import urllib.error
import urllib.request

import pytest

MIRROR = "http://10.213.77.1"
UPLOAD = "v2/slipway/node/blobs/uploads/"
NOBODY = 65534
# Reading is open. Writing is refused at the port for reading, and at the port for writing without the password.
REFUSALS = {5081: 403, 5082: 401}
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root to become another account")


@pytest.fixture(scope="module")
def pod(lab, slipway):
    """Run a command in an unprivileged pod; return its output."""
    daemons = ("kubectl", "-n", "kube-flannel", "get", "daemonset", "-o", "json")
    flannel = json.loads(slipway.run(*daemons).stdout)["items"][0]["spec"]["template"]["spec"]
    image = flannel["containers"][0]["image"]

    def output(line: str) -> str:
        container = {
            "name": "thief",
            "image": image,
            "command": ["sh", "-c", line],
            "securityContext": {
                "allowPrivilegeEscalation": False,
                "capabilities": {"drop": ["ALL"]},
            },
        }
        rights = {"runAsNonRoot": True, "runAsUser": NOBODY}
        spec = json.dumps({"spec": {"containers": [container], "securityContext": rights}})
        overrides = f"--overrides={spec}"
        run = ("run", "thief", f"--image={image}", "--restart=Never", overrides)
        for words in (run, ("wait", "--for=jsonpath={.status.phase}=Succeeded", "pod/thief")):
            done = slipway.run("kubectl", *words)
            assert done.returncode == 0, done.stderr
        told = slipway.run("kubectl", "logs", "thief").stdout
        slipway.run("kubectl", "delete", "pod", "thief", "--now")
        return told

    return output


def become_nobody() -> None:
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)


def write(url: str) -> int:
    """Return the status of a request that writes."""
    try:
        with urllib.request.urlopen(urllib.request.Request(url, data=b"x"), timeout=5) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


def read(path: str) -> str:
    """Return the name of the error, or the text."""
    try:
        with open(path) as stream:
            return stream.read()
    except OSError as error:
        return type(error).__name__


def as_nobody(function, argument):
    with multiprocessing.get_context("fork").Pool(1, become_nobody) as pool:
        return pool.apply(function, (argument,))


@pytest.mark.parametrize("port", REFUSALS)
def test_a_pod_cannot_write(port, pod):
    reads = f"busybox wget -q -O /dev/null {MIRROR}:5081/v2/ && echo reads"
    writes = f"busybox wget -S -O - --post-data x {MIRROR}:{port}/{UPLOAD} 2>&1 || true"
    told = pod(f"{reads}; {writes}")
    assert "reads" in told
    assert f"HTTP/1.1 {REFUSALS[port]}" in told


@needs_root
@pytest.mark.parametrize("port", REFUSALS)
def test_another_account_cannot_write(port, lab):
    assert as_nobody(write, f"{MIRROR}:{port}/{UPLOAD}") == REFUSALS[port]


@needs_root
def test_another_account_cannot_read_the_password(lab, slipway):
    for name in ("push-secret", "push-password", "push-auth.json"):
        path = slipway.state / "mirror" / name
        assert path.stat().st_mode & 0o077 == 0
        assert as_nobody(read, str(path)) == "PermissionError"
