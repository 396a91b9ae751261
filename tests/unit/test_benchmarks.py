"""Rows, goals, table, plot and counts of the benchmarks."""

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[2] / "benchmarks"))

from comparison.scale import scaled  # noqa: E402
from measure import WRITES, Bench, Row, plot, show  # noqa: E402
from simulation import node, simulated_app  # noqa: E402

FASTER = {"theirs": 30.0, "ours": 1.0}


@pytest.mark.parametrize(
    ("row", "goal", "met"),
    [
        (Row("w", "x", **FASTER), "", True),
        (Row("w", "x", **FASTER, at_least=30), ">= 30x", True),
        (Row("w", "x", 29.9, 1.0, at_least=30), ">= 30x", False),
        (Row("w", "x", None, 149, "ms", at_most=150), "<= 150 ms", True),
        (Row("w", "x", None, 151, "ms", at_most=150), "<= 150 ms", False),
        (Row("w", "x", 10.0, 13.0, at_most=1.3), "<= 1.3x", True),
        (Row("w", "x", 10.0, 13.1, at_most=1.3), "<= 1.3x", False),
        (Row("w", "x", None, 0, "writes", at_most=0), "0 writes", True),
        (Row("w", "x", None, 1, "writes", at_most=0), "0 writes", False),
    ],
)
def test_goals(row, goal, met):
    assert (row.goal, row.met) == (goal, met)
    assert row.as_dict()["met"] == met


def test_ratio_says_how_many_times_longer_the_other_takes():
    assert Row("w", "x", **FASTER).ratio == 30
    assert Row("w", "x", 10.0, 12.0, at_most=1.3).ratio == pytest.approx(1.2)
    assert Row("w", "x", None, 1.0).ratio is None


def test_table_and_plot_show_every_kind_of_row(tmp_path):
    bench = Bench("kubeconfig", "kubectl", tmp_path)
    bench.rows += [
        Row("apply", "peer", **FASTER, at_least=31),
        Row("scale", "a watch", None, 10, "ms", at_most=150),
        Row("writes", "count", None, 0, "writes", at_most=0),
    ]
    bench.notes.append("a word")
    text = show(bench)
    assert ">= 31x MISSED" in text and "0 writes met" in text and "note: a word" in text
    plot(bench, tmp_path / "plot.png")
    assert (tmp_path / "plot.png").read_bytes().startswith(b"\x89PNG")


def test_only_real_writes_of_what_was_applied_are_counted():
    line = (
        'apiserver_request_total{{code="200",component="apiserver",dry_run="{dry}",group="apps",'
        'resource="{resource}",scope="resource",subresource="{sub}",verb="{verb}",version="v1"}} {n}'
    )
    every = [
        line.format(dry="", resource="deployments", sub="", verb="APPLY", n=3),
        line.format(dry="", resource="services", sub="", verb="POST", n="4e+00"),
        line.format(dry="All", resource="deployments", sub="", verb="APPLY", n=100),
        line.format(dry="", resource="deployments", sub="status", verb="PUT", n=100),
        line.format(dry="", resource="deployments", sub="", verb="LIST", n=100),
        line.format(dry="", resource="pods", sub="", verb="POST", n=100),
    ]
    assert sum(map(float, WRITES.findall("\n".join(every)))) == 7


def test_real_pods_keep_away_from_simulated_nodes():
    simulated = node(7)
    (taint,) = simulated["spec"]["taints"]
    assert taint["effect"] == "NoSchedule"
    # daemons of a cluster tolerate every taint, and select by this label
    assert "kubernetes.io/os" not in simulated["metadata"]["labels"]
    (toleration,) = simulated_app("a", 1)["tolerations"]
    assert toleration["key"] == taint["key"]
    assert simulated_app("a", 1)["node_selector"].items() <= simulated["metadata"]["labels"].items()


def test_a_scaling_is_over_when_all_numbers_agree():
    status = {"replicas": 2, "updatedReplicas": 2, "availableReplicas": 2, "observedGeneration": 3}
    deployment = {"metadata": {"generation": 3}, "spec": {"replicas": 2}, "status": status}
    assert scaled(deployment, 2)
    assert not scaled({**deployment, "status": {**status, "replicas": 3}}, 2)
    assert not scaled({**deployment, "status": {**status, "observedGeneration": 2}}, 2)
