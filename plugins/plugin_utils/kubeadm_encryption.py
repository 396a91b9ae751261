"""Decide how the API servers of a cluster of kubeadm encrypt objects in etcd from now on, and what forbids it.

For each resource, an API server has a list of providers: keys, and ``identity``, which does not encrypt. It writes with
the first one and reads with all. Every change is the same: all API servers can read with the new provider, all write
with it, all objects are written again, and the other providers go. The lists of the API servers show the next step.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

import yaml

from ansible_collections.slipway.lab.plugins.plugin_utils.kubeadm_look import parse_facts

DIRECTORY = "/etc/kubernetes/pki/slipway"
OPTION = "encryption-provider-config"
_CHANGE = {
    "subject": "The encryption",
    "danger": "could not read what others write",
    "former": "kubernetes_encrypted_resources and kubernetes_encryption_key",
}
KEY = re.compile(r"[a-z0-9]([-.a-z0-9]*[a-z0-9])?")
OF_GROUP = re.compile(r"[a-z0-9]+(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)+")
# The resources of the core group of Kubernetes.
CORE = {
    *("configmaps", "endpoints", "events", "limitranges", "namespaces", "nodes", "persistentvolumeclaims"),
    *("persistentvolumes", "pods", "podtemplates", "replicationcontrollers", "resourcequotas", "secrets"),
    *("serviceaccounts", "services"),
}  # fmt: skip

# The name of a key with its secret.
Provider = tuple[str, str]
Lists = dict[str, list[Provider]]
IDENTITY: Provider = ("identity", "")


def encryption_problems(
    resources: Sequence[str], key: Any, options: Mapping[str, Any]
) -> list[str]:
    """Return why declared resources cannot be encrypted with a key of this name."""
    if not resources:
        return []
    problems = [
        f"kubernetes_encrypted_resources: {one} is not the name of a resource in the plural. Write such as secrets, "
        "or with the group, certificates.example.com."
        for one in resources
        if one not in CORE and not OF_GROUP.fullmatch(str(one))
    ]
    if not KEY.fullmatch(str(key)) or str(key) == IDENTITY[0]:
        problems.append(
            f"kubernetes_encryption_key: {key!r} cannot be the name of a key. Write small letters, digits, - and ., "
            "such as 2026-01. It is not the key itself."
        )
    if OPTION in options:
        problems.append(
            f"kubernetes_api_server_options: {OPTION} cannot be declared: kubernetes_encrypted_resources sets it. Take "
            "one of both out."
        )
    return problems


def encryption_plan(
    looks: Mapping[str, Iterable[str]], declared: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the steps in which the API servers get the declared encryption. The last one is the declared state.

    Args:
        looks: The output of ``api-server encryption`` by control plane that answers.
        declared: ``resources``, ``key`` (its name), ``control_planes`` of the cluster, and nodes that are ``leaving``.

    Returns:
        ``steps`` (each with the ``path`` of the file for all API servers, empty for none, and the resources that are
        ``rewritten`` before), ``files`` (text by path), ``start`` (the path for the first API server of a cluster) and
        ``problem`` (what forbids the steps, or empty). ``files`` contains keys.
    """
    found = {host: parse_facts(lines) for host, lines in looks.items()}
    running = {host: one for host, one in found.items() if "path" in one}
    lists = [_parse(one.get("configuration", "")) for one in running.values()]
    keys = {name: (name, secret) for name, secret in chain.from_iterable(_providers(lists))}
    new = next((one["key"] for one in found.values()), "")
    key = str(declared["key"])
    targets = {
        resource: keys.get(key, (key, new)) if resource in declared["resources"] else IDENTITY
        for resource in sorted({*declared["resources"], *chain.from_iterable(lists)})
    }
    state = {one: [host.get(one, [IDENTITY]) for host in lists] for one in targets}
    files: dict[str, str] = {}
    steps = []
    for following, rewritten in _steps(state, targets):
        text = _text(following)
        path = f"{DIRECTORY}/encryption-{hashlib.sha256(text.encode()).hexdigest()[:16]}.yaml"
        steps.append({"path": path if text else "", "rewritten": rewritten})
        files |= {path: text} if text else {}
    changes = any(one != [targets[name]] for name, hosts in state.items() for one in hosts)
    return {
        "steps": steps,
        "files": files,
        "start": next(
            (one["path"] for one in running.values() if "configuration" in one), steps[0]["path"]
        ),
        "problem": _unreadable(running, bool(targets))
        or (missing_problem(running, declared, **_CHANGE) if changes else ""),
    }


def _steps(
    state: Mapping[str, list[list[Provider]]], targets: Mapping[str, Provider]
) -> Iterator[tuple[Lists, list[str]]]:
    while True:
        following = {one: _next(found, targets[one]) for one, found in state.items()}
        last = {one for one, providers in following.items() if providers == [targets[one]]}
        yield following, [one for one in sorted(last) if any(len(each) > 1 for each in state[one])]
        if last == set(targets):
            return
        state = {one: [providers] for one, providers in following.items()}


def _next(found: Sequence[list[Provider]], target: Provider) -> list[Provider]:
    """Return the next list for all API servers. What one of them writes, all others can read before and after."""
    others = [one for one in dict.fromkeys(chain.from_iterable(found)) if one != target]
    if any(target not in one for one in found):
        return [*others, target]
    if any(one[0] != target for one in found):
        return [target, *others]
    return [target]


def _unreadable(running: Mapping[str, Mapping[str, str]], ours: bool) -> str:
    for host, one in running.items():
        if one["path"].startswith(f"{DIRECTORY}/") and "configuration" not in one:
            return f"{host} lacks {one['path']}, which its API server reads. Copy it from another control plane."
        if ours and one["path"] and "configuration" not in one:
            return (
                f"The API server of {host} encrypts with {one['path']}, which this role did not write, and whose keys "
                "it would drop. Decrypt the objects of the cluster first, as Kubernetes documents it, "
                f"and take the option {OPTION} out. Or take kubernetes_encrypted_resources out."
            )
    return ""


def missing_problem(
    present: Collection[str], declared: Mapping[str, Any], subject: str, danger: str, former: str
) -> str:
    """Return which control planes forbid a change that all of them must take part in; empty without any.

    Args:
        present: The control planes that answer.
        declared: All ``control_planes``, and nodes that are ``leaving``.
        subject: What changes.
        danger: What the API server of an absent control plane would do.
        former: The variables with which a node may leave first.
    """
    if absent := [one for one in declared["control_planes"] if one not in present]:
        return (
            f"{subject} changes, and {', '.join(absent)} cannot be reached: its API server {danger}. "
            "Start it and run without --limit, or take it out of kube_control_plane."
        )
    if leaving := declared["leaving"]:
        return (
            f"{subject} changes, and {', '.join(leaving)} leaves the cluster in the same run. Run it first with "
            f"the former {former}."
        )
    return ""


def _parse(configuration: str) -> Lists:
    """Return the providers of each resource in a file that ``_text`` made, in base64."""
    document = yaml.safe_load(base64.b64decode(configuration)) or {"resources": []}
    return {
        resource: [_provider(one) for one in entry["providers"]]
        for entry in document["resources"]
        for resource in entry["resources"]
    }


def _provider(entry: Mapping[str, Any]) -> Provider:
    if "identity" in entry:
        return IDENTITY
    (key,) = entry["secretbox"]["keys"]
    return key["name"], key["secret"]


def _providers(lists: Iterable[Lists]) -> Iterator[list[Provider]]:
    for one in lists:
        yield from one.values()


def _text(lists: Lists) -> str:
    entries = [
        {"resources": [str(resource)], "providers": [_entry(*one) for one in providers]}
        for resource, providers in lists.items()
        if providers != [IDENTITY]
    ]
    if not entries:
        return ""
    document = {"apiVersion": "apiserver.config.k8s.io/v1", "kind": "EncryptionConfiguration"}
    return yaml.safe_dump({**document, "resources": entries})


def _entry(name: str, secret: str) -> dict[str, Any]:
    if (name, secret) == IDENTITY:
        return {"identity": {}}
    # Ansible's texts have a type of their own, which YAML does not take.
    return {"secretbox": {"keys": [{"name": str(name), "secret": str(secret)}]}}
