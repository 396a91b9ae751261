"""Tests of ``kube.apply.takeover``."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.apply import takeover
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import ApiError

REPLICAS = {"f:spec": {"f:replicas": {}}}
TEMPLATE = {"f:spec": {"f:template": {"f:spec": {"f:hostNetwork": {}}}}}


def workload(*managed, **spec):
    metadata = {
        "name": "web",
        "namespace": "lab",
        "resourceVersion": "7",
        "managedFields": list(managed),
    }
    return {
        "apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata,
        "spec": {"replicas": 3, **spec},
    }  # fmt: skip


def owned(manager, fields, operation="Apply", **more):
    return {"manager": manager, "operation": operation, "fieldsV1": fields, **more}


class FakeClient:
    def __init__(self, conflicts=0):
        self.patches, self.reads, self.conflicts = [], 0, conflicts

    def patch(self, path, body, content_type, **query):
        if self.conflicts:
            self.conflicts -= 1
            raise ApiError(409, {"message": "modified"}, "PATCH", path)
        self.patches.append((body, query))
        return workload()

    def get(self, path):
        self.reads += 1
        return workload(owned("slipway", REPLICAS))


def declaration(**spec):
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "web"},
        "spec": spec,
    }


def test_a_number_that_is_left_out_goes_to_the_module_for_scaling():
    client, live = FakeClient(), workload(owned("slipway", REPLICAS))
    assert takeover.leaves_replicas(declaration(), live, "slipway")
    takeover.give_owners(client, "/web", declaration(), live, "slipway")
    ((body, query),) = client.patches
    assert body["spec"] == {"replicas": 3}
    assert body["metadata"]["resourceVersion"] == "7"
    assert (query["fieldManager"], query["force"]) == ("slipway-scale", True)


def test_a_number_of_another_manager_or_a_declared_one_is_left_alone():
    scaled = owned("kube-controller-manager", REPLICAS, "Update", subresource="scale")
    ours = owned("slipway", REPLICAS)
    assert not takeover.leaves_replicas(declaration(), workload(scaled), "slipway")
    assert not takeover.leaves_replicas(declaration(), workload(ours, scaled), "slipway")
    assert not takeover.leaves_replicas(declaration(replicas=1), workload(ours), "slipway")
    config = {"kind": "ConfigMap", "metadata": {"name": "x"}, "data": {}}
    assert not takeover.leaves_replicas(config, config, "slipway")


def test_a_dry_run_keeps_the_number_and_predicts_another_strategy():
    live = workload(owned("slipway", REPLICAS), strategy={"rollingUpdate": {"maxSurge": 1}})
    declared = declaration(strategy={"type": "Recreate"})
    sent = takeover.for_a_dry_run(declared, live, "slipway")
    assert sent["spec"] == {"replicas": 3}
    after = takeover.with_declared_strategy(declared, live, live)
    assert after["spec"] == {"replicas": 3, "strategy": {"type": "Recreate"}}
    rolling = declaration(replicas=1, strategy={"type": "RollingUpdate"})
    assert takeover.for_a_dry_run(rolling, live, "slipway") == rolling
    assert takeover.with_declared_strategy(rolling, live, live) == live


@pytest.mark.parametrize(
    ("spec", "owner", "expected"),
    [
        ({}, "slipway", True),
        ({"clusterIP": "None"}, "slipway", False),
        ({"type": "ExternalName"}, "slipway", False),
        ({}, "another", False),
    ],
)
def test_a_service_that_is_headless_no_longer(spec, owner, expected):
    live = workload(owned(owner, {"f:spec": {"f:clusterIP": {}}}), clusterIP="None")
    service = {"kind": "Service", "metadata": {"name": "web"}, "spec": spec}
    assert takeover.gives_up_headless(service, live, "slipway") is expected
    assert not takeover.gives_up_headless({**service, "kind": "Other"}, live, "slipway")


def test_what_an_undo_wrote_belongs_to_the_declaration():
    undo = owned("slipway-rollout", {"f:spec": {**TEMPLATE["f:spec"], "f:paused": {}}}, "Update")
    live = workload(owned("slipway", {"f:spec": {"f:selector": {}}}), undo)
    assert takeover.fields_in_the_way(declaration(), live) == TEMPLATE
    client = FakeClient()
    takeover.adopt(client, "/web", live, "slipway", TEMPLATE)
    ((operations, query),) = client.patches
    assert operations[0] == {"op": "replace", "path": "/metadata/resourceVersion", "value": "7"}
    ours, theirs = operations[1]["value"]
    assert ours["fieldsV1"] == {"f:spec": {"f:selector": {}, **TEMPLATE["f:spec"]}}
    assert theirs["fieldsV1"] == {"f:spec": {"f:paused": {}}}


def test_the_settings_of_the_former_strategy_go():
    live = workload(strategy={"type": "RollingUpdate", "rollingUpdate": {"maxSurge": "25%"}})
    fields = takeover.fields_in_the_way(declaration(strategy={"type": "Recreate"}), live)
    assert fields["f:spec"]["f:strategy"]["f:rollingUpdate"] == {".": {}, "f:maxSurge": {}}
    assert takeover.fields_in_the_way(declaration(strategy={"type": "RollingUpdate"}), live) == {}
    client = FakeClient()
    takeover.adopt(client, "/web", live, "slipway", fields)
    (entry,) = client.patches[0][0][1]["value"]
    assert (entry["manager"], entry["operation"], entry["fieldsV1"]) == ("slipway", "Apply", fields)


def test_a_conflict_is_decided_again():
    client = FakeClient(conflicts=1)
    takeover.give_owners(
        client, "/web", declaration(), workload(owned("slipway", REPLICAS)), "slipway"
    )
    assert (client.reads, len(client.patches)) == (1, 1)


def test_nulls_for_fields_that_are_not_there_are_left_out():
    obj = declaration(paused=None, template={"spec": {"hostNetwork": None}})
    live = workload(template={"spec": {"hostNetwork": True}})
    assert takeover.without_idle_nulls(obj, live)["spec"] == {
        "template": {"spec": {"hostNetwork": None}}
    }


def test_another_version_of_a_declaration_is_known_by_the_manager():
    live = workload(owned("slipway", REPLICAS, apiVersion="apps/v1beta2"))
    declared = {"apiVersion": "apps/v1"}
    assert takeover.was_declared_in_another_version(declared, live, "slipway")
    assert not takeover.was_declared_in_another_version(declared, live, "another")
    former = {"apiVersion": "apps/v1beta2"}
    assert not takeover.was_declared_in_another_version(former, live, "slipway")
