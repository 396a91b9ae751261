"""Simulated nodes and their pods."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[3] / "benchmarks"))

from simulation import node, simulated_app  # noqa: E402


def test_real_pods_keep_away_from_simulated_nodes():
    simulated = node(7)
    (taint,) = simulated["spec"]["taints"]
    assert taint["effect"] == "NoSchedule"
    # daemons of a cluster tolerate every taint, and select by this label
    assert "kubernetes.io/os" not in simulated["metadata"]["labels"]
    (toleration,) = simulated_app("a")["tolerations"]
    assert toleration["key"] == taint["key"]
    assert simulated_app("a")["node_selector"].items() <= simulated["metadata"]["labels"].items()
