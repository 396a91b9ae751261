"""Tests of ``workload.steps.logs``."""

from __future__ import annotations

import re

from ansible_collections.slipway.lab.plugins.module_utils.workload.steps.logs import logs_at

PLACES = [("web-1", "web"), ("web-2", "web")]


def test_each_log_or_the_reason_why_it_cannot_be_read(api, cluster):
    api.answers["/api/v1/namespaces/default/pods/web-1/log"] = lambda: (200, b"one\ntwo\n")
    first, second = logs_at(cluster.client, "default", PLACES, {}, re.compile("^t"))
    assert first == {"pod": "web-1", "container": "web", "lines": ["two"], "problem": ""}
    assert second["lines"] == [] and "no log" in second["problem"]
