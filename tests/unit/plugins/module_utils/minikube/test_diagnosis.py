"""Tests of ``minikube.diagnosis``."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.minikube.diagnosis import (
    KLOG_ERROR,
    diagnose,
    sentence,
)


def test_kubelet_errors_are_found_and_reported():
    line = 'E1124 00:19:32.123456     651 pod_workers.go:1324] "Error syncing pod" err="no CNI"'
    assert KLOG_ERROR.search(line)[1] == '"Error syncing pod" err="no CNI"'
    assert KLOG_ERROR.search(line.replace("E1124", "I1124")) is None
    text = sentence(
        {"lab": {"container": "running", "failed_units": ["ssh.service"], "kubelet_errors": ["e1"]}}
    )
    assert text == "lab: failed units: ssh.service; lab: last kubelet errors: e1"


def test_without_an_engine_there_is_no_diagnosis():
    assert diagnose(None, "lab") == {}
    assert sentence({}) == ""
