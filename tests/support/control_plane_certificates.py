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
    texts = [ssl.get_server_certificate((address, 6443)).encode() for address in addresses]
    ends = [x509.load_pem_x509_certificate(text).not_valid_after_utc for text in texts]
    return [(end - datetime.now(UTC)).days for end in ends]
