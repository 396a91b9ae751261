from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.pods import (
    containers,
    pod_counts,
    trouble,
)
from support.objects import pod


def with_status(name="web-1", namespace="default", **status):
    found = pod(name, ready=False, namespace=namespace)
    found["status"] = {"phase": "Pending", "conditions": [], **status}
    return found


def container(state, **detail):
    return {"containerStatuses": [{"name": "web", "state": {state: detail}}]}


def test_pods_are_counted_by_namespace():
    failing = with_status("api-1", "shop", **container("waiting", reason="ImagePullBackOff"))
    starting = with_status("api-2", "shop", **container("waiting", reason="ContainerCreating"))
    done = with_status("job-1", "shop", phase="Succeeded")
    assert pod_counts([failing, pod("web-1"), pod("web-2"), starting, done]) == [
        {"namespace": "default", "pods": 2, "ready": 2, "troubled": []},
        {
            "namespace": "shop",
            "pods": 2,
            "ready": 0,
            "troubled": [{"name": "api-1", "reason": "ImagePullBackOff"}],
        },
    ]


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (container("waiting", reason="CrashLoopBackOff"), "CrashLoopBackOff"),
        (container("terminated", reason="OOMKilled", exitCode=137), "OOMKilled"),
        (container("terminated", reason="Completed", exitCode=0), ""),
        ({"initContainerStatuses": [{"state": {"waiting": {"reason": "ErrImagePull"}}}]}, "ErrImagePull"),
        ({"phase": "Failed", "reason": "Evicted"}, "Evicted"),
        ({"phase": "Failed"}, "Failed"),
        (
            {"conditions": [{"type": "PodScheduled", "status": "False", "reason": "Unschedulable"}]},
            "Unschedulable",
        ),
        ({}, ""),
    ],
)  # fmt: skip
def test_the_reason_of_a_pod_that_is_not_ready(status, reason):
    assert trouble(with_status(**status)) == reason


def test_sidecars_run_all_the_time_and_init_containers_do_not():
    found = pod()
    found["spec"] = {
        "containers": [{"name": "web"}],
        "initContainers": [{"name": "setup"}, {"name": "proxy", "restartPolicy": "Always"}],
        "ephemeralContainers": [{"name": "debug"}],
    }
    assert containers(found) == [
        ("web", True),
        ("debug", True),
        ("setup", False),
        ("proxy", True),
    ]
