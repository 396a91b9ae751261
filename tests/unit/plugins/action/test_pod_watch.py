"""Tests of the action plugin ``pod_watch``."""

import json
from pathlib import Path

import pytest

from ansible_collections.slipway.lab.plugins.action import pod_watch


@pytest.fixture
def background(monkeypatch, variables):
    """Record which programs are started and stopped; none is started."""
    Path(variables["lesson_work_dir"]).mkdir()
    calls = []
    monkeypatch.setattr(
        pod_watch.background_process, "start", lambda folder, name, command: calls.append(command)
    )
    monkeypatch.setattr(
        pod_watch.background_process, "stop", lambda folder, name: calls.append("stop")
    )
    return calls


def test_the_watch_starts_on_the_namespace_of_the_lesson(run, variables, background, monkeypatch):
    target = Path(variables["lesson_work_dir"], "pods.jsonl")

    def start(folder, name, command):
        background.append(command)
        target.touch()

    monkeypatch.setattr(pod_watch.background_process, "start", start)
    assert run(pod_watch, state="started")["began"] > 0
    assert background[0][-3:] == [variables["slipway_kubeconfig"], "demo", str(target)]


def test_a_watch_that_does_not_start_is_a_failure_with_its_output(
    run, variables, background, monkeypatch
):
    Path(variables["lesson_work_dir"], "pods.log").write_text("no such host\n")
    monkeypatch.setattr(pod_watch, "FIRST_LIST", 0)
    result = run(pod_watch, state="started")
    assert result["failed"] and result["msg"] == "the watch did not start: no such host"


def test_the_end_stops_the_watch_and_reports_recoveries(run, variables, background):
    row = {
        "pod": "a",
        "node": "n",
        "started": True,
        "restarts": 0,
        "deleting": False,
        "gone": False,
    }
    rows = [
        {**row, "at": 100.0, "ready": True, "listed": True},
        {**row, "at": 102.0, "ready": False, "listed": False},
        {**row, "at": 105.0, "ready": True, "listed": False},
    ]
    target = Path(variables["lesson_work_dir"], "pods.jsonl")
    target.write_text("".join(json.dumps(one) + "\n" for one in rows))
    result = run(pod_watch, state="stopped", moments=[101.0], wanted=1)
    assert background == ["stop"]
    assert result["ready"] == [[0.0, 1], [2.0, 0], [5.0, 1]]
    assert (result["moments"], result["recovery"]) == ([1.0], [4.0])
