"""Counts of the API server that the benchmarks read."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[3] / "benchmarks"))

from measure import WRITES  # noqa: E402


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
