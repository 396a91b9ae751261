"""Questions to the hosts of a cluster of kubeadm, which are containers of this machine."""

import json
import subprocess
import urllib.request
from urllib.parse import urlsplit

from support.kubeadm_lab import ADDRESSES, CONTROL_PLANES
from support.load import Load

LAB = "test-cluster"


def docker(*arguments):
    """Run the client of Docker and return what it printed."""
    return subprocess.run(["docker", *arguments], check=True, capture_output=True, text=True).stdout


def container(host):
    """Return the container of a host."""
    return f"slipway-{LAB}-{host}"


def on(host, *command):
    """Run a command on a host and return what it printed."""
    return docker("exec", container(host), *command)


def members(host="cp1"):
    """Return the names of etcd's members."""
    pki = "/etc/kubernetes/pki/etcd"
    said = docker(
        "exec", container(host), "etcdctl", "--endpoints", "https://127.0.0.1:2379",
        "--cacert", f"{pki}/ca.crt", "--cert", f"{pki}/healthcheck-client.crt",
        "--key", f"{pki}/healthcheck-client.key", "member", "list", "-w", "json",
    )  # fmt: skip
    return sorted(one["name"] for one in json.loads(said)["members"])


def answers(url):
    """Return whether an address answers with status 200."""
    try:
        with urllib.request.urlopen(url, timeout=3) as response:
            return response.status == 200
    except OSError:
        return False


def address(lab, host):
    """Return the address of a host, in the network of the app's."""
    return f"{urlsplit(lab['app']['url']).hostname.rsplit('.', 1)[0]}.{ADDRESSES[host]}"


def manifests():
    """Return the manifest of each API server."""
    path = "/etc/kubernetes/manifests/kube-apiserver.yaml"
    return [on(host, "cat", path) for host in CONTROL_PLANES]


def load_on_api(lab):
    """Return load on the API through the proxies of two nodes."""
    return Load(*(f"https://{address(lab, name)}:7443/readyz" for name in ("node1", "node2")))
