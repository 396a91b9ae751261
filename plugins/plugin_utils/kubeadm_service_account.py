"""Decide how the control planes of a cluster of kubeadm get another key of service accounts, and what forbids it.

API servers sign tokens with one key and verify them with several. Every change is the same: a key is created, all API
servers verify with it too, all sign with it, and the former one goes when no token needs it. What the control planes
have shows the next step.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.slipway.lab.plugins.plugin_utils.kubeadm_encryption import (
    KEY,
    missing_problem,
)
from ansible_collections.slipway.lab.plugins.plugin_utils.kubeadm_look import parse_facts

PKI = "/etc/kubernetes/pki"
# The name of a key that kubeadm made.
UNNAMED = "1"
_CHANGE = {
    "subject": "The key of service accounts",
    "danger": "would refuse tokens of the others",
    "former": "kubernetes_service_account_key",
}
_WAIT = "The former key of service accounts still verifies tokens, for {} hours at least. A run after that drops it."
_SECRET = (
    "{0} has a token of the former key, which stays. Have another one made by kubectl patch secret --namespace {1} {2} "
    '--type json --patch \'[{{"op": "remove", "path": "/data/token"}}]\', give it to the programs that use it, and '
    "run it again."
)
_PEM = re.compile(
    r"(?:# slipway key (?P<name>\S+)\n)?-----BEGIN (?P<kind>[A-Z ]+)-----\n(?P<body>[^-]+)-----END (?P=kind)-----\n?"
)


def service_account_problems(key: Any) -> list[str]:
    """Return why a key of service accounts cannot have this name."""
    if KEY.fullmatch(str(key)):
        return []
    return [
        f"kubernetes_service_account_key: {key!r} cannot be the name of a key. Write small letters, digits, - and ., "
        "such as 2026-01. It is not the key itself."
    ]


def service_account_plan(
    looks: Mapping[str, Iterable[str]], declared: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the next step to the declared key.

    Args:
        looks: The output of ``service-account-keys look`` by control plane that answers.
        declared: ``key`` (its name), ``overlap`` (hours), ``control_planes``, and nodes that are ``leaving``.

    Returns:
        ``step`` (``create``, ``verify``, ``sign``, ``wait``, ``drop``, or empty when nothing is left), ``files`` for
        all control planes, which contain keys, ``pending`` (control planes whose API server starts again), ``former``
        (ids of keys that go), ``hours`` (until the overlap ends) and ``problem`` (what forbids the step, or empty).
    """
    hosts = {host: _Host(parse_facts(lines)) for host, lines in looks.items()}
    key = str(declared["key"])
    plan = {"step": "", "files": [], "pending": [], "former": [], "hours": 0, "problem": ""}
    if not hosts:
        return plan
    if others := {host: one.other for host, one in hosts.items() if one.other}:
        problem = _foreign(others) if any(one.signer.name != key for one in hosts.values()) else ""
        return {**plan, "problem": problem}
    plan |= _step(hosts, key, 3600 * float(declared["overlap"]))
    if plan["step"] not in ("", "wait"):
        plan["problem"] = _ambiguous(hosts, key) or missing_problem(hosts, declared, **_CHANGE)
    return plan


def former_key_reasons(
    plan: Mapping[str, Any],
    secrets: Iterable[str],
    pods: Mapping[str, Iterable[str]],
    nodes: Iterable[str],
) -> list[str]:
    """Return why the former key cannot go yet.

    Args:
        plan: The next step.
        secrets: The output of ``service-account-keys secrets``.
        pods: The output of ``service-account-keys tokens`` by node that answers.
        nodes: All nodes.
    """
    if plan["step"] == "create":
        return [
            f"{one} has a token of the present key, which cannot go before the Secret has another one."
            for one in _holders(secrets, plan["former"])
        ]
    if plan["step"] not in ("wait", "drop"):
        return []
    return [
        *(
            [_WAIT.format(plan["hours"])]
            if plan["step"] == "wait"
            else _pod_reasons(plan, pods, nodes)
        ),
        *(
            _SECRET.format(one, *one.split()[-1].split("/"))
            for one in _holders(secrets, plan["former"])
        ),
    ]


def _pod_reasons(
    plan: Mapping[str, Any], pods: Mapping[str, Iterable[str]], nodes: Iterable[str]
) -> list[str]:
    held = sorted({one for lines in pods.values() for one in _holders(lines, plan["former"])})
    return [
        *(
            f"{one} has a token of the former key. Its kubelet replaces it within 24 hours."
            for one in held
        ),
        *(
            f"The node {one} cannot be reached. Its pods may have tokens of the former key."
            for one in nodes
            if one not in pods
        ),
    ]


def _holders(lines: Iterable[str], former: Iterable[str]) -> list[str]:
    holders = set()
    for line in lines:
        header, payload = line.removeprefix("token=").split(".")[:2]
        if _decode(header).get("kid") in former:
            holders.add(_holder(_decode(payload)))
    return sorted(holders)


class _Key:
    """A public key, or a pair, with its name."""

    def __init__(self, public: str, private: str = ""):
        found = _PEM.search(public)
        if found is None:
            raise ValueError("sa.pub has no public key in PEM")
        body = "".join(found["body"].split())
        named = _PEM.search(private) or found
        self.name = named["name"] or UNNAMED
        self.id = _url(hashlib.sha256(base64.b64decode(body)).digest())
        pem = found[0][found[0].index("-----BEGIN") :].strip()
        self.text = f"# slipway key {self.name}\n{pem}\n"
        self.private = private


class _Host:
    """The keys of a control plane, and those that its API server read when it started."""

    def __init__(self, facts: Mapping[str, str]):
        text = _text(facts["public"])
        self.public = [_Key(one[0]) for one in _PEM.finditer(text)]
        self.signer = _Key(*map(_text, facts["key"].split()))
        self.next = _Key(*map(_text, facts["new"].split())) if "new" in facts else None
        self.verifies = {one["kid"] for one in json.loads(_text(facts["verifies"]))["keys"]}
        self.signs = _decode(facts["signs"])["kid"]
        self.since = int(facts["since"])
        self.other = facts["other"].strip()


def _step(hosts: Mapping[str, _Host], name: str, overlap: float) -> dict[str, Any]:
    pairs = [one.signer for one in hosts.values()] + [
        one.next for one in hosts.values() if one.next
    ]
    key = next((one for one in pairs if one.name == name), None)
    signers = {one.signs for one in hosts.values()}
    if key is None:
        return {"step": "create", "former": sorted(signers)}
    known = {one.id: one for host in hosts.values() for one in host.public}
    former = sorted({*known, *signers}.union(*(one.verifies for one in hosts.values())) - {key.id})
    every = {**known, key.id: key}
    if any(
        key.id not in host.verifies or key.id not in {one.id for one in host.public}
        for host in hosts.values()
    ):
        return {
            "step": "verify",
            "files": [_file("sa-new.key", key.private), _public(every.values())],
            "pending": [host for host, one in hosts.items() if key.id not in one.verifies],
            "former": former,
        }
    if any({host.signs, host.signer.id} != {key.id} for host in hosts.values()):
        return {
            "step": "sign",
            "files": [_file("sa.key", key.private)],
            "pending": [host for host, one in hosts.items() if one.signs != key.id],
            "former": former,
        }
    return _end(hosts, key, former, overlap)


def _end(
    hosts: Mapping[str, _Host], key: _Key, former: list[str], overlap: float
) -> dict[str, Any]:
    if not former:
        return {}
    left = overlap - min(one.since for one in hosts.values())
    if left > 0:
        return {"step": "wait", "former": former, "hours": round(left / 3600, 1)}
    return {
        "step": "drop",
        "files": [{"path": f"{PKI}/sa-new.key", "state": "absent"}, _public([key])],
        "pending": [host for host, one in hosts.items() if one.verifies != {key.id}],
        "former": former,
    }


def _file(name: str, text: str) -> dict[str, str]:
    return {"path": f"{PKI}/{name}", "content": text, "mode": "0600"}


def _public(keys: Iterable[_Key]) -> dict[str, str]:
    return _file("sa.pub", "".join(one.text for one in keys))


def _foreign(others: Mapping[str, str]) -> str:
    host, options = next(iter(others.items()))
    return (
        f"kubernetes_service_account_key: the API server of {host} has keys that this role does not manage: {options}. "
        "Take kubernetes_service_account_key out, and replace the keys yourself."
    )


def _ambiguous(hosts: Mapping[str, _Host], name: str) -> str:
    found = {one.signer.id: host for host, one in hosts.items() if one.signer.name == name}
    if len(found) < 2:
        return ""
    return (
        f"The control planes {', '.join(found.values())} have different keys of service accounts. Declare another "
        "kubernetes_service_account_key: it replaces all of them."
    )


def _holder(claims: Mapping[str, Any]) -> str:
    bound = claims.get("kubernetes.io", {})
    if pod := bound.get("pod"):
        return f"The pod {bound['namespace']}/{pod['name']}"
    prefix = "kubernetes.io/serviceaccount"
    if secret := claims.get(f"{prefix}/secret.name"):
        return f"The Secret {claims[f'{prefix}/namespace']}/{secret}"
    return str(claims.get("sub", "An unknown account"))


def _text(encoded: str) -> str:
    return base64.b64decode(encoded).decode()


def _decode(part: str) -> dict[str, Any]:
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def _url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
