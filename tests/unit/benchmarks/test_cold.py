"""Tests of ``benchmarks/cold.py``."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

PATH = Path(__file__).parents[3] / "benchmarks/cold.py"
spec = importlib.util.spec_from_file_location("cold", PATH)
cold = importlib.util.module_from_spec(spec)
spec.loader.exec_module(cold)


def test_the_slowest_build_of_each_artifact_counts(tmp_path):
    for place, seconds in (
        ("artifacts/cluster/a", 300),
        ("artifacts/cluster/b", 2),
        ("artifacts/lesson/a", 9),
        ("hosts/debian13/a", 100),
    ):
        (tmp_path / place).mkdir(parents=True)
        (tmp_path / place / "artifact.json").write_text(json.dumps({"seconds": seconds}))
    seconds = cold.build_seconds(tmp_path)
    assert seconds == {"cluster": 300.0, "host debian13": 100.0}
    first, *rows = cold.lines(seconds)
    assert first.endswith("400 s")
    assert rows[0].split() == ["cluster", "300.0", "75", "%"]


def test_an_empty_cache_has_no_table(tmp_path):
    assert cold.lines(cold.build_seconds(tmp_path)) == []
