from __future__ import annotations

import json

from ansible_collections.slipway.lab.plugins.module_utils.workload.cluster import Cluster


def test_thresholds_come_from_the_parameters(params):
    cluster = Cluster.connect({**params, "fail_after": {"pull": 5, "config": None}}, "workload")
    default = Cluster.connect(params, "workload")
    assert cluster.thresholds.pull == 5
    assert cluster.thresholds.config == default.thresholds.config


def test_another_deadline_keeps_the_connection(cluster):
    later = cluster.within(99)
    assert later.client is cluster.client
    assert (later.deadline.seconds, cluster.deadline.seconds) == (99, 10)


def test_appliers_of_check_mode_change_nothing(api, params):
    cluster = Cluster.connect(params, "workload", check=True)
    config = {"apiVersion": "v1", "kind": "ConfigMap"}
    config["metadata"] = {"name": "c", "namespace": "default"}
    cluster.discovery.load({"v1"})
    (change,) = cluster.applier().apply([config], {})
    assert change.action == "created" and not api.writes


def test_progress_has_the_name_of_the_module(params, tmp_path):
    path = tmp_path / "progress"
    Cluster.connect({**params, "progress_file": str(path)}, "node").progress("draining")
    line = json.loads(path.read_text())
    assert (line["task"], line["message"]) == ("node", "draining")
