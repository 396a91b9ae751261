"""Decide from what was found on the hosts what a cluster of kubeadm needs, and what forbids it."""

from __future__ import annotations

import ipaddress
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import Any

MEMBERS = ("worker", "control_plane")
PLURALS = {
    "address": "addresses",
    "network": "networks",
    "other": "others",
    "registry": "registries",
    "drained": "drained",
}
CLOCK_SECONDS = 60
CONTROL_PLANE_MEMORY = 1700


def parse_host(lines: Iterable[str]) -> dict[str, Any]:
    """Return what the script ``look`` found on a host, from its lines ``NAME=VALUE``.

    The names of ``PLURALS`` occur several times, and become lists with names in the plural.
    """
    found: dict[str, Any] = {
        **{plural: [] for plural in PLURALS.values()},
        "ca": "",
        "cgroup_root": "",
        "version": "",
    }
    for line in lines:
        name, separator, value = line.partition("=")
        if name in PLURALS:
            found[PLURALS[name]].append(value)
        elif separator:
            found[name] = value
    return found


def plan(hosts: Mapping[str, Mapping[str, Any]], control_planes: Sequence[str]) -> dict[str, Any]:
    """Return who starts the cluster and who joins it.

    Args:
        hosts: What was found on each host of the run.
        control_planes: The declared control planes, in the order of the inventory.

    Returns:
        ``first`` (a control plane that exists or is made first), ``init`` (the same, if it is made now) and
        ``joining``.
    """
    present = [name for name, host in hosts.items() if host["member"] in MEMBERS]
    running = [name for name in control_planes if name in present]
    started = [name for name in control_planes if hosts.get(name, {}).get("entering") == "init"]
    first = (running or started or [name for name in control_planes if name in hosts] or [""])[0]
    return {
        "first": first,
        "init": "" if running else first,
        "joining": [name for name in hosts if name not in present and (running or name != first)],
    }


def problems(
    hosts: Mapping[str, Mapping[str, Any]],
    groups: Mapping[str, Sequence[str]],
    settings: Mapping[str, Any],
) -> list[str]:
    """Return what forbids the cluster, before anything is changed.

    Args:
        hosts: What was found on each host of the run, with its declared address as ``address``.
        groups: The groups of the inventory.
        settings: ``endpoint`` (HOST:PORT), ``pods`` and ``services`` (networks), ``swap``
            (whether it may be used), ``registries`` (names of directories with their settings).
    """
    control_planes = list(groups.get("kube_control_plane", []))
    return [
        *_shape(control_planes, groups),
        *_networks(hosts, settings),
        *_members(hosts, control_planes, settings["endpoint"]),
        *_cluster(hosts, control_planes),
        *_machines(hosts, control_planes),
        *_registries(hosts, settings["registries"]),
        *([] if settings.get("swap") else _swapping(hosts)),
    ]


def _shape(control_planes: Sequence[str], groups: Mapping[str, Sequence[str]]) -> list[str]:
    found = []
    if not control_planes:
        found.append("kube_control_plane is empty. Name one, three or five control planes.")
    elif len(control_planes) % 2 == 0:
        found.append(
            f"kube_control_plane has {len(control_planes)} hosts. etcd needs an odd number: an even one "
            "does not survive another failure. Add or remove one."
        )
    etcd = set(groups.get("etcd", []))
    if etcd and etcd != set(control_planes):
        names = ", ".join(sorted(etcd ^ set(control_planes)))
        found.append(
            f"etcd and kube_control_plane differ by {names}. etcd runs on the control planes here: give "
            "both groups the same hosts."
        )
    return found


def _networks(hosts: Mapping[str, Mapping[str, Any]], settings: Mapping[str, Any]) -> Iterable[str]:
    networks = {}
    for name in ("pods", "services"):
        try:
            networks[name] = ipaddress.ip_network(settings[name])
        except ValueError as error:
            yield f"The network of {name} is invalid: {error}."
    if len(networks) == 2 and networks["pods"].overlaps(networks["services"]):
        yield f"The networks of pods ({networks['pods']}) and services ({networks['services']}) overlap."
    for name, network in networks.items():
        inside = [
            f"{host} ({one['address']})"
            for host, one in hosts.items()
            if _is_address(one["address"]) and ipaddress.ip_address(one["address"]) in network
        ]
        if inside:
            yield (
                f"The network of {name} ({network}) contains the address of {', '.join(inside)}. Choose another "
                "network."
            )


def _members(
    hosts: Mapping[str, Mapping[str, Any]], control_planes: Sequence[str], endpoint: str
) -> Iterable[str]:
    server = f"https://{endpoint}"
    for name, host in hosts.items():
        if host["others"]:
            yield (
                f"{name} runs another Kubernetes ({', '.join(host['others'])}). Remove it there, or take the "
                "host out of the inventory."
            )
        if host["member"] != "none" and host["server"] != server:
            yield (
                f"{name} is a node of another cluster, whose API server is {host['server']}. This one is {server}. "
                "It is left as it is. Take it out of the inventory, or reset it there yourself."
            )
        role = "control_plane" if name in control_planes else "worker"
        if host["member"] in MEMBERS and host["member"] != role and host["server"] == server:
            yield (
                f"{name} is a {_words(host['member'])}, and the inventory makes it a {_words(role)}. Remove the "
                "node from the cluster first, then add it again."
            )


def _cluster(
    hosts: Mapping[str, Mapping[str, Any]], control_planes: Sequence[str]
) -> Iterable[str]:
    members = {name: host for name, host in hosts.items() if host["member"] in MEMBERS}
    authorities = {host["ca"] for host in members.values()}
    if len(authorities) > 1:
        names = "; ".join(
            ", ".join(name for name, host in members.items() if host["ca"] == authority)
            for authority in sorted(authorities)
        )
        yield f"The nodes belong to {len(authorities)} clusters of the same name, by their authorities: {names}."
    started = any(
        host["member"] == "control_plane" or host["entering"] == "init" for host in hosts.values()
    )
    if members and not started:
        yield (
            f"{', '.join(members)} joined a cluster, and no control plane of the run has one. Include a "
            "control plane that works, or remove these nodes."
        )
    silent = [name for name in control_planes if name not in hosts]
    if silent and not started:
        yield (
            f"{', '.join(silent)} cannot be reached, and no other control plane of the run has the cluster. A second "
            "one of the same name could start. Start the hosts, and include all control planes in --limit."
        )


def _machines(
    hosts: Mapping[str, Mapping[str, Any]], control_planes: Sequence[str]
) -> Iterable[str]:
    for name, host in hosts.items():
        if not _is_address(host["address"]):
            yield f"{name} has the address {host['address']}. Set kubernetes_address of the host to an IP address."
        elif host["address"] not in host["addresses"]:
            yield (
                f"{name} has no interface with the address {host['address']}. Set kubernetes_address to one of "
                f"{', '.join(host['addresses'])}."
            )
        memory = int(host["memory"])
        if name in control_planes and memory < CONTROL_PLANE_MEMORY:
            yield f"{name} has {memory} MiB of memory. A control plane needs {CONTROL_PLANE_MEMORY} MiB."
    for value, count in Counter(host["machine_id"] for host in hosts.values()).items():
        if count > 1:
            names = ", ".join(name for name, host in hosts.items() if host["machine_id"] == value)
            yield f"{names} have the same machine id. Make new ones: rm /etc/machine-id, systemd-machine-id-setup."
    architectures = {host["arch"] for host in hosts.values()}
    if len(architectures) > 1:
        yield f"The hosts have different architectures ({', '.join(sorted(architectures))}), and the mirror serves one."
    for (one, first), (other, second) in combinations(hosts.items(), 2):
        difference = abs(int(first["clock"]) - int(second["clock"]))
        if difference > CLOCK_SECONDS:
            yield (
                f"The clocks of {one} and {other} differ by {difference} seconds. Synchronize them, with chrony for "
                "example."
            )
            break


def _registries(hosts: Mapping[str, Mapping[str, Any]], registries: Sequence[str]) -> Iterable[str]:
    for name, host in hosts.items():
        if taken := [one for one in host["registries"] if one in registries]:
            yield (
                f"{name} has settings of others for the registries {', '.join(taken)} in /etc/containerd/certs.d. They "
                "are left as they are. Move them away, or take the registries out of kubernetes_registry_mirrors and "
                "kubernetes_registry_cas."
            )


def _swapping(hosts: Mapping[str, Mapping[str, Any]]) -> Iterable[str]:
    for name, host in hosts.items():
        if host["swap"] != "0" and host["member"] == "none":
            yield (
                f"{name} uses swap, and the kubelet does not start then. Turn it off (swapoff -a, and "
                "/etc/fstab), or set failSwapOn: false in kubernetes_kubelet."
            )


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _words(member: str) -> str:
    return member.replace("_", " ")
