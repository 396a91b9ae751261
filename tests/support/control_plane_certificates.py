"""Certificates of control planes of kubeadm that end soon."""

import json
import ssl
import subprocess
from collections.abc import Iterable
from datetime import UTC, datetime

from cryptography import x509

COPY = "/run/test-kubeadm.yml"


def shorten_certificates(containers: Iterable[str], seconds: int) -> None:
    """Let all certificates of control planes end so soon, but not those of their kubelets."""
    kind = {"apiVersion": "kubeadm.k8s.io/v1beta4", "kind": "ClusterConfiguration"}
    text = json.dumps({**kind, "certificateValidityPeriod": f"{seconds}s"})
    run = f"echo '{text}' >{COPY} && kubeadm certs renew all --config {COPY} && rm {COPY}"
    for container in containers:
        subprocess.run(["docker", "exec", container, "sh", "-c", run], check=True)


def days_left(addresses: Iterable[str]) -> list[int]:
    """Return in how many days the certificate ends that each API server uses."""
    ends = [served(address).not_valid_after_utc for address in addresses]
    return [(end - datetime.now(UTC)).days for end in ends]


def has_name(address: str, name: str) -> bool:
    """Return whether a name is in the certificate that an API server uses."""
    names = served(address).extensions.get_extension_for_class(x509.SubjectAlternativeName)
    return name in names.value.get_values_for_type(x509.DNSName)


def served(address: str) -> x509.Certificate:
    """Return the certificate that an API server uses."""
    return x509.load_pem_x509_certificate(ssl.get_server_certificate((address, 6443)).encode())
