"""The mirror filled from releases, by a local server and a local registry with the upstream layouts.

The official sites themselves are not asked: what they serve is taken as given, what is done with it is proved.
"""

import hashlib
import http.server
import json
import os
import socket
import ssl
import subprocess
import sys
import urllib.error
import urllib.request
from functools import partial
from pathlib import Path

import pytest
import yaml

from ansible_collections.slipway.lab.plugins.module_utils.oci.image import compose
from ansible_collections.slipway.lab.plugins.module_utils.oci.layer import build_layer
from ansible_collections.slipway.lab.plugins.module_utils.oci.layout import write_archive
from support.loopback import LoopbackServer

pytestmark = pytest.mark.long
ROOT = Path(__file__).resolve().parents[2]
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "slipway"
RELEASE = "v9.9.9"
PROGRAMS = ("kubeadm", "kubectl", "kubelet")
PLAYBOOK = """
- hosts: localhost
  gather_facts: false
  vars_files: [{root}/upstream/versions.yml, {variables}]
  roles: [mirror]
- hosts: localhost
  gather_facts: false
  tasks:
    - ansible.builtin.copy:
        content: "{{{{ mirror_served | to_json }}}}"
        dest: {result}
        mode: "0600"
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def sha256(content):
    return hashlib.sha256(content).hexdigest()


class Site:
    """A release site on loopback, and the variables of the mirror for it."""

    def __init__(self, folder):
        self.folder = folder
        self.site = folder / "site"
        self.kubernetes = self.site / f"release/{RELEASE}/bin/linux/amd64"
        self.minikube = self.site / f"minikube/{RELEASE}"
        for directory in (self.kubernetes, self.minikube):
            directory.mkdir(parents=True)
        self.pins = {}
        for name in PROGRAMS:
            content = f"#!/bin/sh\necho {name}\n".encode()
            (self.kubernetes / name).write_bytes(content)
            (self.kubernetes / f"{name}.sha256").write_text(sha256(content))
            self.pins[name] = {"amd64": sha256(content)}
        content = b"#!/bin/sh\necho minikube\n"
        (self.minikube / "minikube-linux-amd64").write_bytes(content)
        (self.minikube / "minikube-linux-amd64.sha256").write_text(f"{sha256(content)}\n")
        handler = partial(http.server.SimpleHTTPRequestHandler, directory=str(self.site))
        handler.log_message = lambda *_: None
        self.server = LoopbackServer(handler)
        self.url = self.server.url
        self.ports = free_port(), free_port()

    def variables(self, **more):
        versions = yaml.safe_load((ROOT / "upstream/versions.yml").read_text())
        return {
            "slipway_lab": "release-test",
            "slipway_cache_dir": str(self.folder / "cache"),
            "slipway_state_dir": str(self.folder / "state"),
            "mirror_source": "auto",
            "mirror_files_port": self.ports[0],
            "mirror_registry_port": self.ports[1],
            "mirror_release_kubernetes_url": f"{self.url}/release",
            "mirror_release_minikube_url": f"{self.url}/minikube",
            "mirror_release_sha256": self.pins,
            "mirror_release_images": [],
            "mirror_release_node_image": {"name": "kicbase:v1", "source": "gcr.io/kicbase"},
            "mirror_release_insecure": True,
            "mirror_versions": {
                **versions["slipway_versions"],
                "kubernetes": RELEASE,
                "minikube": RELEASE,
            },
            **more,
        }

    def fill(self, **more):
        variables, result = self.folder / "variables.yml", self.folder / "result.json"
        variables.write_text(yaml.safe_dump(self.variables(**more)))
        playbook = self.folder / "playbook.yml"
        playbook.write_text(PLAYBOOK.format(root=ROOT, variables=variables, result=result))
        command = [
            Path(sys.executable).parent / "ansible-playbook",
            "-i",
            "localhost,",
            "-c",
            "local",
        ]
        command += ["-e", f"ansible_python_interpreter={sys.executable}", str(playbook)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
        served = json.loads(result.read_text()) if done.returncode == 0 else None
        return done, served


def fetch(url, authority):
    context = ssl.create_default_context(cafile=authority)
    with urllib.request.urlopen(url, timeout=5, context=context) as answer:
        return answer.read()


@pytest.fixture
def site(tmp_path):
    site = Site(tmp_path)
    # The servers' own root takes a while to make and is the same in all labs.
    (tmp_path / "cache/artifacts").mkdir(parents=True)
    (CACHE / "artifacts/mirror-server").mkdir(parents=True, exist_ok=True)
    (tmp_path / "cache/artifacts/mirror-server").symlink_to(CACHE / "artifacts/mirror-server")
    yield site
    site.server.close()
    for name in ("files", "registry"):
        subprocess.run(["docker", "rm", "-f", f"slipway-release-test-{name}"], capture_output=True)


@pytest.fixture
def upstream_registry(site):
    """A registry beside the mirror that replaces the official ones, with one image."""
    port = free_port()
    (site.folder / "upstream.yml").write_text(
        f"version: 0.1\nstorage: {{inmemory: {{}}}}\nhttp: {{addr: '127.0.0.1:{port}'}}\n"
    )
    archive = site.folder / "kicbase.tar"
    layer = build_layer({"/k": str(site.kubernetes / "kubectl")})
    write_archive(archive, [("kicbase:v1", compose([layer], {"Entrypoint": ["/k"]}, "amd64"))])

    def start(image):
        subprocess.run(
            ["docker", "run", "-d", "--name", "slipway-release-test-upstream", "--network", "host"]
            + ["--label", "slipway=release-test", "-v", f"{site.folder}:/c:ro", image]
            + ["docker-registry", "serve", "/c/upstream.yml"],
            check=True,
            capture_output=True,
        )
        push = ["skopeo", "copy", "--insecure-policy", "--dest-tls-verify=false", "--retry-times=5"]
        push += [f"oci-archive:{archive}", f"docker://127.0.0.1:{port}/kicbase:v1"]
        subprocess.run(push, check=True, capture_output=True)
        accept = {"Accept": "application/vnd.oci.image.manifest.v1+json"}
        url = f"http://127.0.0.1:{port}/v2/kicbase/manifests/v1"
        with urllib.request.urlopen(urllib.request.Request(url, headers=accept)) as answer:
            return f"127.0.0.1:{port}", answer.headers["Docker-Content-Digest"]

    yield start
    subprocess.run(["docker", "rm", "-f", "slipway-release-test-upstream"], capture_output=True)


def servers_image(site):
    """Return the image of the mirror's servers; a mirror that finds no node image has made it before."""
    site.fill()
    names = ["docker", "image", "ls", "--format", "{{.Repository}}:{{.Tag}}", "slipway/mirror"]
    return subprocess.run(names, capture_output=True, text=True, check=True).stdout.split()[0]


def test_releases_are_chosen_fetched_and_served(site, upstream_registry):
    registry, digest = upstream_registry(servers_image(site))
    node = {"name": "kicbase:v1", "source": "gcr.io/kicbase", "digest": digest}
    done, served = site.fill(
        mirror_release_node_image=node, mirror_release_image_registries={"gcr.io": registry}
    )
    assert done.returncode == 0, done.stdout
    assert "Source: official releases, verified by checksum" in done.stdout
    assert served["source"] == "release"
    assert served["url"] == f"https://127.0.0.1:{site.ports[0]}"
    ca = served["ca"]
    for name in PROGRAMS:
        path = f"{served['url']}/kubernetes/{RELEASE}/bin/linux/amd64/{name}"
        assert sha256(fetch(path, ca)) == fetch(f"{path}.sha256", ca).decode()
        assert served["checksums"]["kubernetes"][name] == site.pins[name]
        assert sha256(fetch(path, ca)) == site.pins[name]["amd64"]
    minikube = fetch(f"{served['url']}/minikube/{RELEASE}/minikube-linux-amd64", ca)
    assert minikube.endswith(b"minikube\n")
    accept = {"Accept": "application/vnd.oci.image.manifest.v1+json"}
    url = f"https://{served['registry']}/v2/kicbase/manifests/v1"
    request = urllib.request.Request(url, headers=accept)
    context = ssl.create_default_context(cafile=ca)
    with urllib.request.urlopen(request, context=context) as answer:
        assert answer.headers["Docker-Content-Digest"] == digest

    again, _ = site.fill(
        mirror_release_node_image=node, mirror_release_image_registries={"gcr.io": registry}
    )
    assert "changed=0" in again.stdout or "changed=1" in again.stdout  # the result file itself

    wrong = {**node, "name": "kicbase:v2", "digest": "sha256:" + "0" * 64}
    refused, _ = site.fill(
        mirror_release_node_image=wrong, mirror_release_image_registries={"gcr.io": registry}
    )
    assert refused.returncode != 0 and "manifest unknown" in refused.stdout


@pytest.mark.parametrize("program", ["kubectl", "minikube"])
def test_a_program_with_another_checksum_is_refused(site, program):
    if program == "kubectl":
        (site.kubernetes / "kubectl").write_bytes(b"forged")
    else:
        (site.minikube / "minikube-linux-amd64").write_bytes(b"forged")
    done, _ = site.fill()
    assert done.returncode != 0
    assert "checksum mismatch" in done.stdout and sha256(b"forged") in done.stdout
    with pytest.raises(urllib.error.URLError, match="refused"):
        fetch(f"https://127.0.0.1:{site.ports[0]}/", None)


def test_a_site_that_breaks_off_is_told(site):
    (site.kubernetes / "kubelet").unlink()
    done, _ = site.fill()
    assert done.returncode != 0
    said = " ".join(done.stdout.split())
    assert "kubelet: cannot download" in said and "404" in said
