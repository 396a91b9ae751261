"""The points of security of a cluster, from a look at each of its nodes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.slipway.lab.plugins.plugin_utils.cis_rules import (
    ERROR,
    FAIL,
    NOT_APPLICABLE,
    PASS,
    UNKNOWN,
    Rule,
)
from ansible_collections.slipway.lab.plugins.plugin_utils.cis_tables import RULES
from ansible_collections.slipway.lab.plugins.plugin_utils.node_evidence import (
    EvidenceError,
    NodeEvidence,
    parse_evidence,
)

# A worse state on one node hides the better ones.
BY_WEIGHT = (FAIL, UNKNOWN, PASS, NOT_APPLICABLE)


def cis_points(looks: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Return the points of security of a cluster.

    Args:
        looks: The result of roles/minikube/files/look-node for each node: ``item`` is the node, ``rc``, ``stdout`` and
            ``stderr`` are those of the script.
    """
    nodes: dict[str, NodeEvidence] = {}
    points = []
    for look in looks:
        try:
            nodes[str(look["item"])] = _read(look)
        except EvidenceError as problem:
            points.append(unread_point(f"{look['item']}: {problem}"))
    if nodes and not any(node.is_control_plane for node in nodes.values()):
        points.append(unread_point("no node of the control plane could be read"))
    return points + [_point(rule, nodes) for rule in RULES if nodes]


def unread_point(reason: str) -> dict[str, str]:
    """Return the point for what could not be read at all."""
    return {
        "number": "nodes",
        "state": UNKNOWN,
        "level": ERROR,
        "message": reason,
        "remedy": "start the cluster: ./slipway up",
    }


def _read(look: Mapping[str, Any]) -> NodeEvidence:
    if look.get("rc") != 0:
        said = str(look.get("stderr") or look.get("msg") or "no reason known").strip()
        raise EvidenceError(f"could not be read: {said}")
    return parse_evidence(str(look["stdout"]))


def _point(rule: Rule, nodes: Mapping[str, NodeEvidence]) -> dict[str, str]:
    found = [(verdict, name) for name, node in nodes.items() for verdict in rule.judge(node)]
    state = min((verdict.state for verdict, _ in found), key=BY_WEIGHT.index)
    places: dict[str, list[str]] = {}
    for verdict, name in found:
        if verdict.state == state:
            places.setdefault(verdict.detail, []).append(name)
    details = "; ".join(
        f"{detail} ({', '.join(dict.fromkeys(names))})" for detail, names in places.items()
    )
    messages = {
        PASS: rule.title,
        NOT_APPLICABLE: "; ".join(places),
        UNKNOWN: f"it could not be checked whether {rule.title}: {details}",
        FAIL: details,
    }
    return {
        "number": rule.number,
        "state": state,
        "level": rule.level,
        "message": messages[state],
        "remedy": rule.remedy if state == FAIL else "",
    }
