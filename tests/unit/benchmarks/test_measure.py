"""Counts of the API server that the benchmarks read."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

sys.path.append(str(Path(__file__).resolve().parents[3] / "benchmarks"))

import measure  # noqa: E402
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


@pytest.mark.slow
def test_no_play_goes_on_after_the_benchmark(tmp_path, monkeypatch):
    alive = tmp_path / "alive"
    program = tmp_path / "ansible-playbook"
    program.write_text(f"#!/bin/sh\necho began\nsleep 2\ntouch {alive}\n")
    program.chmod(0o755)
    monkeypatch.setattr(measure, "PLAYBOOK", str(program))

    bench = measure.Bench("kubeconfig", "kubectl", tmp_path)
    moments = iter([0.0])
    # the second look at the clock, at the first line of the play, is where the benchmark ends
    monkeypatch.setattr(measure, "time", SimpleNamespace(monotonic=lambda: next(moments)))
    with pytest.raises((RuntimeError, StopIteration)):
        bench.play({"ansible.builtin.ping": {}})
    time.sleep(2.5)
    assert not alive.exists()
