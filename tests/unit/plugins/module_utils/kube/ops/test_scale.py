from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ObjectRef
from ansible_collections.slipway.lab.plugins.module_utils.kube.ops import scale
from ansible_collections.slipway.lab.plugins.module_utils.kube.ops.scale import (
    parse_replicas,
    wanted,
)
from support.kube_fake import Refused
from support.objects import deployment


@pytest.mark.parametrize(
    ("value", "before", "after"), [(5, 1, 5), ("7", 1, 7), ("+2", 1, 3), ("-5", 3, 0), ("0", 4, 0)]
)
def test_relative_and_absolute_replicas(value, before, after):
    assert wanted(parse_replicas(value), before) == after


def test_a_relative_number_is_not_added_twice_when_the_answer_is_lost(api, client, discovery):
    """The first write arrives, and its answer is a conflict, as after a request that was sent again."""
    api.put("deployments", deployment("web", replicas=2))
    lost = []

    def lose(method, path):
        if method == "PATCH" and not lost:
            lost.append(path)
            api.patch("deployments", "default", "web", {"spec": {"replicas": 4}}, {}, "")
            raise Refused(409, "Conflict", "the object has been modified")

    api.faults.append(lose)
    ref = ObjectRef("apps/v1", "Deployment", "default", "web")
    scaling = scale.read(client, discovery, scale.Scaling(ref, "+2"))
    assert scale.write(client, discovery, scaling).after == 4
    assert api.get("deployments", "web")["spec"]["replicas"] == 4


WIDGET = ObjectRef("example.com/v1", "Widget", "default", "w")


def widget(replicas=2):
    metadata = {"name": "w", "namespace": "default"}
    return {"metadata": metadata, "spec": {"replicas": replicas}, "status": {"replicas": replicas}}


def test_a_custom_resource_is_scaled_through_its_subresource(api, client, discovery):
    api.put("widgets", widget())
    scaling = scale.read(client, discovery, scale.Scaling(WIDGET, "+1"))
    assert (scaling.before, scaling.after) == (2, 3)
    assert scale.write(client, discovery, scaling).live["kind"] == "Scale"
    assert api.get("widgets", "w")["spec"]["replicas"] == 3
    assert (
        [path for method, path in api.writes if method == "PATCH"][0]
        .split("?")[0]
        .endswith("/scale")
    )


def test_a_custom_resource_without_pods_is_scaled_to_one(api, client, discovery):
    """A Scale leaves out the number 0."""
    empty = widget()
    empty["spec"]["replicas"] = 0
    api.put("widgets", empty)
    scaling = scale.read(client, discovery, scale.Scaling(WIDGET, 1))
    assert (scaling.before, scaling.after) == (0, 1)


def test_the_number_of_a_job_is_its_parallelism(api, client, discovery):
    api.put("jobs", {"metadata": {"name": "j", "namespace": "default"}, "spec": {"parallelism": 2}})
    job = ObjectRef("batch/v1", "Job", "default", "j")
    scaling = scale.read(client, discovery, scale.Scaling(job, 5))
    assert scaling.before == 2
    scale.write(client, discovery, scaling)
    assert api.get("jobs", "j")["spec"] == {"parallelism": 5}


@pytest.mark.parametrize(
    ("version", "kind"), [("example.com/v1", "Gadget"), ("apps/v1", "DaemonSet")]
)
def test_a_kind_without_the_subresource_is_refused_with_the_reason(
    client, discovery, version, kind
):
    scaling = scale.Scaling(ObjectRef(version, kind, "default", "x"), 1)
    with pytest.raises(KubeError, match=f"a {kind} has no number .* serves no scale subresource"):
        scale.read(client, discovery, scaling)


@pytest.mark.parametrize(
    ("before", "after", "least", "woken"),
    [
        (0, 1, 1, True), (0, 3, 2, True), (0, 5, 1, True), (0, 6, 1, False), (0, 1, 2, False),
        (1, 2, 1, False), (0, 1, 0, False), (0, 2, None, True),
    ],
)  # fmt: skip
def test_an_autoscaler_is_inactive_without_pods(before, after, least, woken):
    bounds = {"maxReplicas": 5, **({} if least is None else {"minReplicas": least})}
    scaling = scale.Scaling(WIDGET, after, before=before, after=after)
    assert scale.is_woken(scaling, {"spec": bounds}) == woken
