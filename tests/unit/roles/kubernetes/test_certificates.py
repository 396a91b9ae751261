"""roles/kubernetes/files/certificates: reading certificates, and starting again what uses earlier ones."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import time
from pathlib import Path

import pytest

from support.real_api_server import free_port
from support.role_script import install_script, run_script

# Containers are files: the name has the id and the component, the time is that of their start.
PROGRAMS = {
    "ctr": """
shift 2
case "$1 $2" in
  "tasks list") echo "TASK PID STATUS"; for one in HERE/run/*; do echo "$(basename "$one") 1 RUNNING"; done ;;
  "containers list") name=${4##*=}; ls HERE/run | grep -- "-$name\\$" || true ;;
  "containers info") echo '    "CreatedAt": "'"$(date -u -d "@$(stat -c %Y "HERE/run/$3")" +%Y-%m-%dT%T.5Z)"'",' ;;
  "tasks kill") mv "HERE/run/$5" "HERE/run/new-${5#*-}"; touch "HERE/run/new-${5#*-}"; echo "$5" >>HERE/killed ;;
esac
""",
    "kubeadm": 'echo "$@" >HERE/kubeadm-called',
    "kubectl": "echo ok",
    "hostname": "echo cp1",
}
PLACES = {"/etc/kubernetes": "", "/var/lib/slipway/kubernetes": ""}


@pytest.fixture
def host(tmp_path):
    """A directory in the place of the host's own, with programs that act on it."""
    for folder in ("pki/etcd", "run"):
        (tmp_path / folder).mkdir(parents=True)
    install_script(tmp_path, "certificates", PROGRAMS, PLACES)
    return tmp_path


def look(host):
    done = run_script(host, "look")
    assert done.returncode == 0, done.stderr
    return [line for line in done.stdout.splitlines() if not line.startswith(("clock=", "host="))]


def authority(path: Path, days: int = 3650) -> None:
    openssl("req", "-x509", "-days", str(days), "-subj", f"/CN={path.name}", path)


def openssl(kind, *arguments):
    *words, path = arguments
    made = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
    files = ("-keyout", path.with_suffix(".key"), "-out", path)
    subprocess.run(["openssl", kind, *words, *made, *files], check=True, capture_output=True)


def ends(line):
    return round((int(line.split()[1]) - time.time()) / 86400)


def kubeconfig(host, name, days=100):
    certificate = host / "client.pem"
    authority(certificate, days)
    data = subprocess.run(["base64", "-w0", certificate], capture_output=True, text=True).stdout
    (host / f"{name}.conf").write_text(
        f"users:\n- name: me\n  user:\n    client-certificate-data: {data}\n"
    )


def start(host, container, seconds_ago):
    path = host / "run" / container
    path.touch()
    os.utime(path, (time.time() - seconds_ago,) * 2)


def test_certificates_have_their_end_and_their_authority(host):
    pki = host / "pki"
    for name, days in (("ca", 3650), ("front-proxy-ca", 3650), ("etcd/ca", 3650), ("apiserver", 9),
                       ("apiserver-etcd-client", 8), ("front-proxy-client", 7), ("etcd/peer", 6)):  # fmt: skip
        authority(pki / f"{name}.crt", days)
    (pki / "etcd/ca.key").unlink()
    kubeconfig(host, "admin", 100)
    found = {line.split()[0]: line for line in look(host)}
    expected = {
        "apiserver.crt": (9, "ca.crt"),
        "apiserver-etcd-client.crt": (8, "etcd/ca.crt"),
        "front-proxy-client.crt": (7, "front-proxy-ca.crt"),
        "etcd/peer.crt": (6, "etcd/ca.crt"),
        "../admin.conf": (100, "ca.crt"),
    }
    for name, (days, signer) in expected.items():
        line = found[f"certificate={os.path.normpath(pki / name)}"]
        assert (ends(line), line.split()[2]) == (days, str(pki / signer))
    assert [name for name in found if name.startswith("keyless=")] == [f"keyless={pki}/etcd/ca.crt"]
    assert sum(name.startswith("authority=") for name in found) == 3
    assert len(found) == len(expected) + 4


def test_a_damaged_certificate_has_no_end(host):
    (host / "pki/apiserver.crt").write_text("half of it")
    (host / "scheduler.conf").write_text("users: []\n")
    assert [line.split()[1] for line in look(host)] == ["0", "0"]


def test_a_host_without_certificates_has_none(host):
    assert look(host) == []


def test_components_that_started_before_their_kubeconfig_are_outdated(host):
    kubeconfig(host, "scheduler")
    kubeconfig(host, "controller-manager")
    start(host, "a-kube-scheduler", seconds_ago=60)
    start(host, "b-kube-controller-manager", seconds_ago=-1)
    start(host, "c-etcd", seconds_ago=60)
    assert [line for line in look(host) if line.startswith("outdated")] == [
        "outdated=kube-scheduler"
    ]


def test_a_file_of_a_wrong_clock_does_not_count(host):
    kubeconfig(host, "scheduler")
    os.utime(host / "scheduler.conf", (time.time() + 3600,) * 2)
    start(host, "a-kube-scheduler", seconds_ago=60)
    assert not [line for line in look(host) if line.startswith("outdated")]


def test_renew_asks_kubeadm(host):
    assert run_script(host, "renew").returncode == 0
    assert (host / "kubeadm-called").read_text() == "certs renew all\n"


def listens(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture
def server(host):
    """Start a TLS server in the place of one with a known port, with the certificate that the API server has now."""
    served, script, servers = host / "served.crt", host / "script", []
    authority(host / "pki/apiserver.crt")
    for kind in (".crt", ".key"):
        served.with_suffix(kind).write_text((host / "pki/apiserver").with_suffix(kind).read_text())

    def start(known, *options):
        port = free_port()
        script.write_text(re.sub(rf"\b{known}\b", str(port), script.read_text()))
        command = ["openssl", "s_server", "-quiet", "-accept", f"127.0.0.1:{port}", *options]
        files = ["-cert", served, "-key", served.with_suffix(".key")]
        servers.append(subprocess.Popen(command + files, stdin=subprocess.PIPE))
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and not listens(port):
            time.sleep(0.1)

    yield start
    for one in servers:
        one.terminate()
        one.wait()


@pytest.fixture
def api_server(server):
    server("6443")


def test_the_names_of_the_api_server_are_read(host):
    names = "subjectAltName=DNS:cp1,DNS:api.example,IP:10.0.0.11"
    openssl("req", "-x509", "-subj", "/CN=a", "-addext", names, host / "pki/apiserver.crt")
    found = [line for line in look(host) if line.startswith("name=")]
    assert found == ["name=cp1", "name=api.example", "name=10.0.0.11"]


def test_another_certificate_takes_the_place_of_the_one_in_use(host, api_server):
    (host / "pki/ca.crt").touch()
    (host / "pki/ca.key").touch()
    served = (host / "served.crt").read_text()
    kubeadm = host / "programs/kubeadm"
    make = f'cp {host}/served.crt "$6/apiserver.crt"; touch "$6/apiserver.key"'
    kubeadm.write_text(f'#!/bin/sh\necho "$@" >{host}/kubeadm-called\n{make}\n')
    authority(host / "pki/apiserver.crt")
    assert run_script(host, "rename", "30", "--apiserver-cert-extra-sans=b").returncode == 0
    words = (host / "kubeadm-called").read_text().split()
    assert words[:5] == ["init", "phase", "certs", "apiserver", "--cert-dir"]
    assert words[6:] == ["--apiserver-cert-extra-sans=b"]
    assert (host / "pki/apiserver.crt").read_text() == served
    assert not list((host / "pki").glob(".new*"))


def test_only_outdated_components_start_again(host, api_server, server):
    for port in ("10257", "10259"):
        server(port, "-www")  # answers each request with status 200
    kubeconfig(host, "scheduler")
    kubeconfig(host, "controller-manager")
    start(host, "a-kube-scheduler", seconds_ago=60)
    start(host, "b-kube-controller-manager", seconds_ago=-1)
    done = run_script(host, "restart", "30")
    assert done.returncode == 0, done.stderr
    assert (host / "killed").read_text() == "a-kube-scheduler\n"
    assert not [line for line in look(host) if line.startswith("outdated")]


def test_an_api_server_with_its_former_certificate_is_named(host, api_server):
    authority(host / "pki/apiserver.crt")
    done = run_script(host, "restart", "1")
    assert done.returncode == 1
    assert "cp1: the API server does not use the certificate" in done.stderr


def test_a_component_that_does_not_work_is_named(host, api_server, server):
    server("10257", "-www")
    script = host / "script"
    script.write_text(script.read_text().replace("10259", str(free_port())))
    done = run_script(host, "restart", "5")
    assert done.returncode == 1
    assert "cp1: kube-scheduler does not work after it started again: no answer at" in done.stderr


def test_a_controller_manager_with_a_former_key_of_service_accounts_is_outdated(host):
    kubeconfig(host, "controller-manager")
    os.utime(host / "controller-manager.conf", (time.time() - 120,) * 2)
    start(host, "a-kube-controller-manager", seconds_ago=60)
    assert not [line for line in look(host) if line.startswith("outdated")]
    (host / "pki/sa.key").touch()
    assert "outdated=kube-controller-manager" in look(host)


def test_the_api_server_is_started_again(host):
    start(host, "a-kube-apiserver", seconds_ago=60)
    done = run_script(host, "serve", "20")
    assert done.returncode == 0, done.stderr
    assert (host / "killed").read_text() == "a-kube-apiserver\n"


def test_an_api_server_that_does_not_start_again_is_named(host):
    done = run_script(host, "serve", "1")
    assert done.returncode == 1
    assert "cp1: the API server is not ready after it started again" in done.stderr
    assert "the kubelet has not started it" in done.stderr
