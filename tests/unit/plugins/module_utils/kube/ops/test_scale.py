from __future__ import annotations

import pytest

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
            api.merge("deployments", "default", "web", {"spec": {"replicas": 4}}, {})
            raise Refused(409, "Conflict", "the object has been modified")

    api.faults.append(lose)
    ref = ObjectRef("apps/v1", "Deployment", "default", "web")
    scaling = scale.read(client, discovery, scale.Scaling(ref, "+2"))
    assert scale.write(client, discovery, scaling).after == 4
    assert api.get("deployments", "web")["spec"]["replicas"] == 4
