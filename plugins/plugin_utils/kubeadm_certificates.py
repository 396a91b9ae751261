"""Decide from the certificates of a control plane of kubeadm whether they are renewed, and what a user must know."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, NamedTuple

DAY = 24 * 60 * 60


class Certificate(NamedTuple):
    """A certificate on a host. An authority has no authority."""

    end: int
    path: str
    authority: str = ""

    def __str__(self) -> str:
        return f"{self.path} ends on {_date(self.end)}" if self.end else f"{self.path} is damaged"


def certificates(lines: Iterable[str], host: str, days: int) -> dict[str, Any]:
    """Return what the certificates of a control plane need.

    Args:
        lines: The output of ``certificates look``. Another host has none.
        host: Name of the host.
        days: Days before its end in which a certificate is renewed.

    Returns:
        ``first`` (``host``, ``path``, ``end`` and ``warning`` for the certificate that ends first; empty without any),
        ``due`` (whether some must be renewed), ``outdated`` (components that use earlier ones) and ``problem`` (why
        those cannot be renewed).
    """
    found, authorities, facts = _read(lines)
    everything = sorted([*found, *authorities.values()])
    limit = int(facts["clock"][0]) + int(days) * DAY if everything else 0
    due = [one for one in found if one.end < min(limit, _end_of(authorities, one.authority))]
    external = [one for one in due if one.authority in facts["keyless"]]
    problem = _external(host, external[0]) if external else ""
    ending = [one for one in sorted(authorities.values()) if one.end < limit]
    warning = ""
    if problem:
        warning = problem
    elif due:
        warning = f"{host}: {due[0]}. A run of playbooks/site.yml (./slipway up) renews it."
    elif facts["outdated"]:
        warning = (
            f"{host}: {', '.join(facts['outdated'])} started before its present certificate was made. A run of "
            "playbooks/site.yml (./slipway up) starts it again."
        )
    elif ending:
        warning = _authority(host, ending[0])
    first = [
        {"host": host, "path": one.path, "end": _time(one.end), "warning": warning}
        for one in everything[:1]
    ]
    return {
        "first": first,
        "due": bool(due),
        "outdated": facts["outdated"],
        "problem": problem,
    }


def _read(
    lines: Iterable[str],
) -> tuple[list[Certificate], dict[str, Certificate], dict[str, list[str]]]:
    found, authorities = [], {}
    facts: dict[str, list[str]] = {"clock": [], "keyless": [], "outdated": []}
    for line in lines:
        name, _, value = line.partition("=")
        if name == "certificate":
            path, end, authority = value.split()
            found.append(Certificate(int(end), path, authority))
        elif name == "authority":
            path, end = value.split()
            authorities[path] = Certificate(int(end), path)
        elif name in facts:
            facts[name].append(value)
    return sorted(found), authorities, facts


def _end_of(authorities: dict[str, Certificate], path: str) -> float:
    """Return when an authority ends: what it signs can end at the same time, and cannot be renewed for longer."""
    return authorities[path].end if path in authorities else float("inf")


def _external(host: str, one: Certificate) -> str:
    key = one.authority.removesuffix(".crt") + ".key"
    return (
        f"{host}: {one}, and the key {key} is not on the host, so kubeadm cannot renew it. Let the owner of this "
        "authority sign requests of kubeadm certs generate-csr, and put the certificates in place. "
        "kubernetes_certificates_renew_days: 0 lets a run continue meanwhile."
    )


def _authority(host: str, one: Certificate) -> str:
    return (
        f"{host}: the authority {one}, and Slipway does not replace authorities. Replace it before: "
        "https://kubernetes.io/docs/tasks/tls/manual-rotation-of-ca-certificates/"
    )


def _time(end: int) -> str:
    return f"{datetime.fromtimestamp(end, UTC):%Y-%m-%dT%H:%M:%SZ}"


def _date(end: int) -> str:
    return _time(end)[:10]
