"""Downloads of the role minikube from a real server over TLS: whose certificate and which bytes it takes."""

from __future__ import annotations

import hashlib
import http.server
import platform
import ssl
from functools import partial
from pathlib import Path

import pytest
import yaml

from support.certificate_authority import Authority
from support.loopback import LoopbackServer
from support.playbook import Playbook

ROOT = Path(__file__).resolve().parents[2]
ARCH = {"x86_64": "amd64", "aarch64": "arm64"}[platform.machine()]
PROGRAMS = ("kubeadm", "kubectl", "kubelet")
GOOD, FORGED = b"#!/bin/sh\necho good\n", b"#!/bin/sh\necho forged\n"


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serve files without a log."""

    def log_message(self, *_: object) -> None:
        """Stay quiet."""


class Host:
    """A directory that stands for a host, and a server of programs that one authority vouches for."""

    def __init__(self, root: Path):
        self.root = root
        self.site = root / "site"
        self.authority = self.make_authority("real")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        issued = self.authority.issue("server", names=("127.0.0.1",))
        context.load_cert_chain(issued, issued.with_suffix(".key"))
        for name in PROGRAMS:
            self.publish(f"v1/bin/linux/{ARCH}/{name}", GOOD)
        self.publish(f"v1/minikube-linux-{ARCH}", GOOD)
        self.server = LoopbackServer(partial(Quiet, directory=str(self.site)), context)

    def make_authority(self, name: str) -> Authority:
        folder = self.root / name
        folder.mkdir()
        return Authority(folder)

    def publish(self, path: str, content: bytes) -> None:
        """Publish a program with its checksum, as the one who runs the server."""
        file = self.site / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        file.with_name(f"{file.name}.sha256").write_text(hashlib.sha256(content).hexdigest())

    def install(self, authority: Path) -> tuple[bool, str]:
        """Run the tasks of the role; return whether they succeeded, and what they printed."""
        pins = {ARCH: hashlib.sha256(GOOD).hexdigest()}
        variables = {
            "__minikube_there": {"stdout_lines": [f"home {self.root / 'home'}"]},
            "minikube_account": {},
            "minikube_bin_dir": str(self.root / "bin"),
            "minikube_completion": False,
            "minikube_version": "v1",
            "minikube_kubectl_version": "v1",
            "minikube_kubernetes_version": "v1",
            "minikube_download_url": self.server.url,
            "minikube_kubectl_download_url": self.server.url,
            "minikube_binary_mirror": self.server.url,
            "minikube_download_ca": str(authority),
            "minikube_checksums": pins,
            "minikube_kubectl_checksums": pins,
            "minikube_kubernetes_checksums": dict.fromkeys(PROGRAMS, pins),
        }
        role = {"name": str(ROOT / "roles/minikube"), "tasks_from": "install"}
        play = {
            "hosts": "localhost",
            "gather_facts": True,
            "gather_subset": ["!all", "!min", "architecture"],
            "tasks": [{"ansible.builtin.include_role": role, "vars": variables}],
        }
        (self.root / "play.yml").write_text(yaml.safe_dump([play]))
        # As the user of the test, instead of root and the user of Minikube.
        command = (
            "ansible-playbook",
            "-i",
            "localhost,",
            "-c",
            "local",
            "-e",
            "ansible_become=false",
        )
        try:
            return True, Playbook(self.root).command(*command, "play.yml")
        except AssertionError as error:
            return False, " ".join(str(error).split())

    @property
    def cached(self) -> dict[str, bytes]:
        """Return the programs in Minikube's cache."""
        folder = self.root / f"home/.minikube/cache/linux/{ARCH}/v1"
        return {path.name: path.read_bytes() for path in folder.glob("*")}


@pytest.fixture
def host(tmp_path):
    host = Host(tmp_path)
    yield host
    host.server.close()


def test_programs_come_from_the_server_of_the_authority(host):
    (host.root / "bin").mkdir()
    done, told = host.install(host.authority.path)
    assert done, told
    assert host.cached == dict.fromkeys(PROGRAMS, GOOD)
    programs = host.root / "lib/slipway/minikube"
    assert (programs / "minikube").read_bytes() == GOOD
    assert (programs / "ca.crt").read_bytes() == host.authority.path.read_bytes()


def test_a_server_of_another_authority_is_refused(host):
    done, told = host.install(host.make_authority("other").path)
    assert not done and "CERTIFICATE_VERIFY_FAILED" in told
    assert not (host.root / "lib/slipway/minikube/minikube").exists() and host.cached == {}


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_forged_program_is_refused_although_its_server_vouches_for_it(host, name):
    (host.root / "bin").mkdir()
    host.publish(f"v1/bin/linux/{ARCH}/{name}", FORGED)
    done, told = host.install(host.authority.path)
    assert not done and "did not match" in told
    assert FORGED not in host.cached.values()
