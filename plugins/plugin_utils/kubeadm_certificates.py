"""Decide from the certificates of a control plane of kubeadm whether they are renewed, and what a user must know."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

DAY = 24 * 60 * 60
SERVER = "/apiserver.crt"
LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?"


class Certificate(NamedTuple):
    """A certificate on a host. An authority has no authority."""

    end: int
    path: str
    authority: str = ""

    def __str__(self) -> str:
        return f"{self.path} ends on {_date(self.end)}" if self.end else f"{self.path} is damaged"


def certificates(lines: Iterable[str], host: str, settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the certificates of a control plane need.

    Args:
        lines: The output of ``certificates look``. Another host has none.
        host: Name of the host.
        settings: ``days`` (before its end in which a certificate is renewed), ``names`` (of the API server, as
            declared), ``address`` (of the host) and ``services`` (their network).

    Returns:
        ``first`` (``host``, ``path``, ``end`` and ``warning`` for the certificate that ends first; empty without any),
        ``due`` (whether some must be renewed), ``renamed`` (names that the certificate of the API server lacks or that
        were taken back), ``outdated`` (components that use earlier ones) and ``problem`` (why those cannot be renewed).
    """
    found, authorities, facts = _read(lines)
    everything = sorted([*found, *authorities.values()])
    limit = int(facts["clock"][0]) + int(settings["days"]) * DAY if everything else 0
    due = [one for one in found if one.end < min(limit, _end_of(authorities, one.authority))]
    renamed = _renamed(facts, host, settings) if found else []
    signed = due + [one for one in found if renamed and one.path.endswith(SERVER)]
    external = [one for one in signed if one.authority in facts["keyless"]]
    problem = _external(host, external[0]) if external else _invalid(settings["names"])
    ending = [one for one in sorted(authorities.values()) if one.end < limit]
    warning = problem or _warning(host, due, facts["outdated"], ending)
    first = [
        {"host": host, "path": one.path, "end": _time(one.end), "warning": warning}
        for one in everything[:1]
    ]
    return {
        "first": first,
        "due": bool(due),
        "renamed": renamed,
        "outdated": facts["outdated"],
        "problem": problem,
    }


def _warning(
    host: str, due: list[Certificate], outdated: list[str], ending: list[Certificate]
) -> str:
    if due:
        return f"{host}: {due[0]}. A run of playbooks/site.yml (./slipway up) renews it."
    if outdated:
        return (
            f"{host}: {', '.join(outdated)} started before its present certificate was made. A run of "
            "playbooks/site.yml (./slipway up) starts it again."
        )
    return _authority(host, ending[0]) if ending else ""


def _read(
    lines: Iterable[str],
) -> tuple[list[Certificate], dict[str, Certificate], dict[str, list[str]]]:
    found, authorities = [], {}
    facts: dict[str, list[str]] = {
        name: [] for name in ("clock", "keyless", "outdated", "name", "host")
    }
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


def _renamed(facts: Mapping[str, list[str]], host: str, settings: Mapping[str, Any]) -> list[str]:
    """Return by which names the certificate of the API server differs from the declared ones and kubeadm's own."""
    present = {_same(name) for name in facts["name"]}
    declared = {_same(name) for name in settings["names"]}
    network = ipaddress.ip_network(settings["services"])
    own = {_same(name) for name in (host, settings["address"], *facts["host"])}
    own |= {name for name in present if re.match(r"kubernetes(\.default(\.svc(\..*)?)?)?$", name)}
    own |= {name for name in present if _is_in(name, network)}
    return sorted((declared - present) | (present - declared - own))


def _same(name: str) -> str:
    try:
        return str(ipaddress.ip_address(name))
    except ValueError:
        return name.lower()


def _is_name(name: str) -> bool:
    """Return whether kubeadm takes a name."""
    return bool(re.fullmatch(rf"(\*\.)?{LABEL}(\.{LABEL})*", name)) or ":" in _same(name)


def _invalid(names: Iterable[str]) -> str:
    invalid = [name for name in names if not _is_name(name)]
    if not invalid:
        return ""
    return (
        f"kubernetes_api_server_names: {', '.join(map(repr, invalid))} is neither a name of DNS in small letters nor "
        "an address."
    )


def _is_in(name: str, network: Any) -> bool:
    try:
        return ipaddress.ip_address(name) in network
    except ValueError:
        return False


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
