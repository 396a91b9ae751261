"""Certificates of the lab that expired while it was stopped."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from slipway.doctor.checks import EVERYWHERE, Check
from slipway.doctor.findings import Finding, ok, warning
from slipway.doctor.machine import Machine
from slipway.lab.yaml_file import read_yaml


def certificates(machine: Machine, now: datetime | None = None) -> Finding:
    """Check that the certificates with which this machine reaches the cluster are valid.

    Args:
        machine: The machine.
        now: The time that counts.
    """
    found = list(ends(machine))
    moment = now or datetime.now(UTC)
    expired = [f"{name} expired on {end:%Y-%m-%d}" for name, end in found if end <= moment]
    if expired:
        return warning("; ".join(expired), "start and up renew certificates of the cluster")
    if found:
        return ok(f"valid until {min(end for _, end in found):%Y-%m-%d}")
    return ok("none yet")


def ends(machine: Machine) -> Iterator[tuple[str, datetime]]:
    """Yield the certificates in the kubeconfig of the lab with the time at which they expire."""
    content = read_yaml(machine.project.kubeconfig)
    for section, entry, key, name in (
        ("users", "user", "client-certificate-data", "the client certificate of the cluster"),
        ("clusters", "cluster", "certificate-authority-data", "the authority of the cluster"),
    ):
        entries = content.get(section) if isinstance(content, dict) else None
        for one in entries or []:
            if (end := _end((one.get(entry) or {}).get(key))) is not None:
                yield name, end


def _end(data: Any) -> datetime | None:
    """Return when a certificate expires; ``None`` when it cannot be read."""
    from cryptography import x509

    try:
        return x509.load_pem_x509_certificate(base64.b64decode(str(data))).not_valid_after_utc
    except (ValueError, binascii.Error):
        return None


CHECKS = (Check("certificates", certificates, EVERYWHERE),)
