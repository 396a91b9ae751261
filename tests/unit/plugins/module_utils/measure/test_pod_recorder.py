"""Tests of ``measure.pod_recorder``."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml

from ansible_collections.slipway.lab.plugins.module_utils.measure import pod_recorder
from ansible_collections.slipway.lab.plugins.module_utils.measure.pod_recorder import (
    node_entry,
    pod_entry,
    slice_entry,
)
from support.objects import pod

COLLECTIONS = Path(pod_recorder.__file__).parents[6]


def test_a_pod_is_reduced_to_its_state():
    running = pod(deletionTimestamp="2026-11-27T10:00:00Z")
    running["status"]["containerStatuses"][0]["state"] = {"running": {"startedAt": "x"}}
    found = pod_entry(running)
    assert found == {
        "pod": "web-1", "node": "n1", "started": True, "ready": True, "restarts": 2, "deleting": True,
    }  # fmt: skip


def test_only_ready_endpoints_receive_requests():
    endpoints = [
        {"targetRef": {"name": "a"}, "conditions": {"ready": True}},
        {"targetRef": {"name": "b"}, "conditions": {"ready": False}},
        {"targetRef": {"name": "c"}},
    ]
    found = slice_entry({"metadata": {"name": "web-x"}, "endpoints": endpoints})
    assert found == {"slice": "web-x", "pods": ["a", "c"]}


@pytest.mark.parametrize(("status", "ready"), [("True", True), ("Unknown", False)])
def test_nodes(status, ready):
    conditions = [{"type": "Ready", "status": status}]
    found = node_entry({"metadata": {"name": "n1"}, "status": {"conditions": conditions}})
    assert found == {"of_node": "n1", "ready": ready}


@pytest.mark.slow
def test_the_program_records_what_happens(api, tmp_path):
    cluster = {"name": "x", "cluster": {"server": api.url}}
    context = {"name": "x", "context": {"cluster": "x", "user": "x"}}
    content = {
        "apiVersion": "v1", "kind": "Config", "clusters": [cluster], "contexts": [context],
        "current-context": "x", "users": [{"name": "x", "user": {}}],
    }  # fmt: skip
    (tmp_path / "kubeconfig").write_text(yaml.safe_dump(content))
    target = tmp_path / "events.jsonl"
    api.put("pods", pod("old"))
    command = [
        sys.executable,
        "-m",
        pod_recorder.__name__,
        str(tmp_path / "kubeconfig"),
        "default",
        str(target),
    ]
    with subprocess.Popen(command, env={"PYTHONPATH": str(COLLECTIONS)}) as program:
        try:
            rows = wait_for(target, lambda rows: any(row.get("pod") == "old" for row in rows))
            api.put("pods", pod("new"))
            rows = wait_for(target, lambda rows: any(row.get("pod") == "new" for row in rows))
        finally:
            program.terminate()
    by_name = {row["pod"]: row for row in rows if "pod" in row}
    assert by_name["old"]["listed"] and not by_name["new"]["listed"]


def wait_for(path, condition):
    limit = time.monotonic() + 20
    while time.monotonic() < limit:
        lines = path.read_text().splitlines() if path.exists() else []
        rows = [json.loads(line) for line in lines]
        if condition(rows):
            return rows
        time.sleep(0.05)
    raise AssertionError(f"waited in vain: {rows}")
