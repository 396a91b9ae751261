"""Reads and writes of the mirror by pods and by other accounts of the control machine: what is refused."""

from __future__ import annotations

import json
import multiprocessing
import os
import ssl
import urllib.error
import urllib.request

import pytest

from support.certificate_authority import Authority

ADDRESS = "10.213.77.1"
MIRROR = f"https://{ADDRESS}"
UPLOAD = "v2/slipway/node/blobs/uploads/"
NOBODY = 65534
# Reading is open. Writing is refused at the port for reading, and at the port for writing without the password.
REFUSALS = {5081: 403, 5082: 401}
PORTS = (5080, *REFUSALS)
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root to become another account")


@pytest.fixture(scope="module")
def authority(lab, slipway):
    """Return the certificate of the lab's authority, which only the owner of the lab's state can read."""
    return (slipway.state / "registry/ca.crt").read_text()


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
        slipway.run("kubectl", "delete", "pod", "thief", "--now", "--ignore-not-found")
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


def ask(url: str, authority: str, data: bytes | None = None) -> int | str:
    """Return the status of an answer, or why the server is not trusted."""
    context = ssl.create_default_context(cadata=authority)
    request = urllib.request.Request(url, data=data)
    try:
        with urllib.request.urlopen(request, timeout=5, context=context) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code
    except urllib.error.URLError as error:
        return error.reason.reason


def write(request: tuple[str, str]) -> int | str:
    return ask(*request, data=b"x")


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
    wget = "busybox wget --no-check-certificate"
    reads = f"{wget} -q -O /dev/null {MIRROR}:5081/v2/ && echo reads"
    writes = f"{wget} -S -O - --post-data x {MIRROR}:{port}/{UPLOAD} 2>&1 || true"
    told = pod(f"{reads}; {writes}")
    assert "reads" in told
    assert f"HTTP/1.1 {REFUSALS[port]}" in told


def test_a_pod_gets_nothing_without_tls(pod):
    addresses = " ".join(f"http://{ADDRESS}:{port}/" for port in PORTS)
    told = pod(f"for a in {addresses}; do busybox wget -S -O - $a 2>&1 || true; done")
    refused = "wget: server returned error: HTTP/1.1 400 Bad Request"
    assert told.count(refused) == len(PORTS) and "HTTP/1.1 200" not in told, told


@pytest.mark.parametrize("port", PORTS)
def test_only_the_authority_of_the_lab_speaks_for_the_mirror(port, lab, authority, tmp_path):
    url = f"{MIRROR}:{port}/v2/"
    assert ask(url, authority) in (200, 401, 404)
    other = Authority(tmp_path).path.read_text()
    assert ask(url, other) == "CERTIFICATE_VERIFY_FAILED"


@pytest.mark.parametrize("port", PORTS)
def test_nothing_is_served_without_tls(port, lab):
    with pytest.raises(urllib.error.HTTPError, match="400"):
        urllib.request.urlopen(f"http://{ADDRESS}:{port}/v2/", timeout=5)


@needs_root
@pytest.mark.parametrize("port", REFUSALS)
def test_another_account_cannot_write(port, lab, authority):
    assert as_nobody(write, (f"{MIRROR}:{port}/{UPLOAD}", authority)) == REFUSALS[port]


@needs_root
def test_another_account_cannot_read_the_password(lab, slipway):
    for name in ("push-secret", "push-password", "push-auth.json"):
        path = slipway.state / "mirror" / name
        assert path.stat().st_mode & 0o077 == 0
        assert as_nobody(read, str(path)) == "PermissionError"
