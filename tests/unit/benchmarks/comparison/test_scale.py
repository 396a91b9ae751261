"""Scaling in the comparison of the workload modules."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[4] / "benchmarks"))

from comparison.scale import scaled  # noqa: E402


def test_a_scaling_is_over_when_all_numbers_agree():
    status = {"replicas": 2, "updatedReplicas": 2, "availableReplicas": 2, "observedGeneration": 3}
    deployment = {"metadata": {"generation": 3}, "spec": {"replicas": 2}, "status": status}
    assert scaled(deployment, 2)
    assert not scaled({**deployment, "status": {**status, "replicas": 3}}, 2)
    assert not scaled({**deployment, "status": {**status, "observedGeneration": 2}}, 2)
