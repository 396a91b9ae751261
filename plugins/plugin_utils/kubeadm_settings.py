"""Decide how a running cluster of kubeadm gets other settings of kubelets or of kube-proxy, and what forbids them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import yaml

from ansible_collections.slipway.lab.plugins.plugin_utils.kubeadm_look import parse_look

OWNED = {
    ("apiVersion",): "the role sets it",
    ("kind",): "the role sets it",
    ("authentication", "x509", "clientCAFile"): "kubeadm makes this file",
    ("cgroupDriver",): "the role sets it to that of containerd",
    ("containerRuntimeEndpoint",): "the role sets it to containerd",
    ("healthzPort",): "kubeadm and the role ask this port whether the kubelet works",
    ("rotateCertificates",): "kubeadm sets it to true",
    ("staticPodPath",): "kubeadm writes the components of the control plane there",
}
ABSENT = object()
DURATION = re.compile(r"(\d+(\.\d+)?(ns|us|ms|s|m|h))+")
NANOSECONDS = {"ns": 1, "us": 10**3, "ms": 10**6, "s": 10**9, "m": 60 * 10**9, "h": 3600 * 10**9}


def setting_problems(declared: Mapping[str, Any]) -> list[str]:
    """Return why declared settings cannot be those of the kubelets."""
    return [
        f"kubernetes_kubelet: {'.'.join(path)} cannot be declared: {reason}. Take it out."
        for path, reason in OWNED.items()
        if _value(declared, path) is not ABSENT
    ]


def setting_plan(
    configuration: str,
    nodes: Mapping[str, Iterable[str]],
    declared: Mapping[str, Any],
    former: Mapping[str, Any],
) -> dict[str, Any]:
    """Return how the cluster gets the declared settings. Settings of others stay.

    Args:
        configuration: The KubeletConfiguration or KubeProxyConfiguration that the cluster has, as YAML.
        nodes: The output of ``kubelet-config look`` by host. kube-proxy has no files on hosts.
        declared: The declared settings.
        former: Settings that this role declared before.

    Returns:
        ``settings`` (the configuration, as declared), ``pending`` (hosts whose kubelet has other settings, or
        whose change was interrupted), ``due`` (whether anything differs) and ``attempted`` (what to remember until all
        hosts have the settings: without the values that are new).
    """
    present = yaml.safe_load(configuration)
    kept = _without(present, former, declared)
    pending = [host for host, lines in nodes.items() if _needs(lines, declared, former)]
    attempted = dict(former)
    for path, value in _leaves(declared):
        if not _is_same(_value(former, path), value):
            attempted = _merged(attempted, _branch(path, None))
    return {
        "settings": _merged(kept, declared),
        "pending": pending,
        "due": bool(pending) or kept != present or _lacks(present, declared, former),
        "attempted": attempted,
    }


def _needs(lines: Iterable[str], declared: Mapping[str, Any], former: Mapping[str, Any]) -> bool:
    interrupted, present = parse_look(lines, "configuration")
    if interrupted or _lacks(present, declared, former):
        return True
    for path, value in _leaves(former):
        found = _value(present, path)
        if _value(declared, path) is ABSENT and found is not ABSENT and value in (None, found):
            return True
    return False


def _lacks(
    present: Mapping[str, Any], declared: Mapping[str, Any], former: Mapping[str, Any]
) -> bool:
    """Return whether a declared setting is absent. kubeadm leaves out some that are false, zero or empty."""
    for path, value in _leaves(declared):
        found = _value(present, path)
        left_out = found is ABSENT and not value and _value(former, path) == value
        if not left_out and not _is_same(found, value):
            return True
    return False


def _is_same(found: Any, value: Any) -> bool:
    """Return whether two values are equal. kubeadm writes 60s as 1m0s."""
    both = isinstance(found, str) and isinstance(value, str)
    if both and DURATION.fullmatch(found) and DURATION.fullmatch(value):
        return _nanoseconds(found) == _nanoseconds(value)
    return found == value


def _nanoseconds(duration: str) -> float:
    parts = re.findall(r"([\d.]+)(ns|us|ms|s|m|h)", duration)
    return sum(float(number) * NANOSECONDS[unit] for number, unit in parts)


def _branch(path: tuple[str, ...], value: Any) -> dict[str, Any]:
    for name in reversed(path):
        value = {name: value}
    return value


def _leaves(tree: Mapping[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[tuple, Any]]:
    for name, value in tree.items():
        if isinstance(value, Mapping) and value:
            yield from _leaves(value, (*path, name))
        else:
            yield (*path, name), value


def _value(tree: Any, path: Iterable[str]) -> Any:
    for name in path:
        if not isinstance(tree, Mapping) or name not in tree:
            return ABSENT
        tree = tree[name]
    return tree


def _merged(tree: Mapping[str, Any], more: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(tree)
    for name, value in more.items():
        below = merged.get(name)
        both = isinstance(below, Mapping) and isinstance(value, Mapping)
        merged[name] = _merged(below, value) if both else value
    return merged


def _without(
    tree: Mapping[str, Any], former: Mapping[str, Any], declared: Mapping[str, Any]
) -> dict[str, Any]:
    """Return a tree without the leaves that were declared and are not now."""
    kept = {}
    for name, value in tree.items():
        now = declared.get(name)
        if isinstance(value, Mapping) and isinstance(former.get(name), Mapping):
            below = _without(value, former[name], now if isinstance(now, Mapping) else {})
            if below:
                kept[name] = below
        elif name not in former or name in declared:
            kept[name] = value
    return kept
