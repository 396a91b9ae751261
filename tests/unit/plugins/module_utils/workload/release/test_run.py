"""A release around the apply of its objects."""

from __future__ import annotations

import pytest
import yaml

from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ref_of
from ansible_collections.slipway.lab.plugins.module_utils.workload.release.record import (
    read_record,
    write_record,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.release.run import ReleaseRun

RECORD = {"chart": "shop", "version": "1", "digest": "a", "mode": "install"}


def deployment(checksum, password):
    labels = {"app": "web"}
    template = {
        "metadata": {"labels": labels, "annotations": {"checksum": checksum}},
        "spec": {"containers": [{"name": "web", "image": "x:1", "args": [password]}]},
    }
    spec = {"selector": {"matchLabels": labels}, "template": template}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "web"},
        "spec": spec,
    }


@pytest.fixture
def release_of(context_of):
    """Return a function that makes the run of a release, and its objects."""

    def make(check=False, digest="a", definitions=(), **source):
        first, again = deployment("1", "p1"), deployment("2", "p2")
        text = {"text": yaml.safe_dump(first), "again": yaml.safe_dump(again), "source": "t"}
        helm = {
            "release": "web",
            "chart": "shop",
            "version": "1",
            "digest": digest,
            "mode": "install",
        }
        helm |= {"definitions": list(definitions), "templates": [text], **source}
        context = context_of(check, manifests=[{"helm": helm}], applyset="release.web")
        objects = context.declaration.placed(context.cluster.discovery)
        return context, ReleaseRun(context), objects

    return make


def live_of(api, objects, checksum, password):
    api.put(
        "deployments",
        {**deployment(checksum, password), "metadata": {"name": "web", "namespace": "default"}},
    )
    return {ref_of(objects[0]): api.get("deployments", "web")}


def generated_in(obj):
    template = obj["spec"]["template"]
    return template["metadata"]["annotations"]["checksum"], template["spec"]["containers"][0][
        "args"
    ][0]


def test_without_a_release_nothing_is_sent(api, context_of):
    run = ReleaseRun(context_of(name="web", image="x:1"))
    objects = [{"kind": "ConfigMap"}]
    assert run.members(objects) is objects
    run.check({})
    assert run.start(objects, {}) is objects and run.undeclared == {}
    run.run_last_hooks()
    run.finish()
    assert api.log == []


def test_definitions_are_no_members(release_of):
    text = (
        "{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: a}, "
        "spec: {group: x, names: {kind: X}}}"
    )
    _, run, objects = release_of(definitions=[{"text": text, "source": "crds/a"}])
    assert [obj["kind"] for obj in run.members(objects)] == ["Deployment"]


def test_made_up_values_stay_with_the_same_chart(api, release_of):
    context, run, objects = release_of()
    write_record(context.cluster.client, "default", "web", RECORD)
    run.check(live_of(api, objects, "0", "p0"))
    assert generated_in(objects[0]) == ("0", "p0")


def test_another_chart_replaces_the_pods(api, release_of):
    context, run, objects = release_of(digest="b")
    write_record(context.cluster.client, "default", "web", RECORD)
    run.check(live_of(api, objects, "0", "p0"))
    assert generated_in(objects[0]) == ("1", "p0"), "the checksum is also about other values"


def test_the_record_is_written_at_the_end(api, release_of):
    context, run, _ = release_of()
    run.check({})
    assert read_record(context.cluster.client, "default", "web") is None
    run.finish()
    assert read_record(context.cluster.client, "default", "web") == RECORD
    assert context.result.fields["release"]["operation"] == "install"
    context, run, _ = release_of()
    run.check({})
    run.finish()
    assert context.result.fields["release"]["operation"] == "" and not context.result.is_changed


def test_check_mode_writes_no_record(api, release_of):
    context, run, _ = release_of(check=True)
    run.check({})
    run.finish()
    assert context.result.is_changed and not api.writes
