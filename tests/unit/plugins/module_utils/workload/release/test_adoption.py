"""A takeover from helm is decided before anything is written."""

from __future__ import annotations

import base64
import json

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ref_of
from ansible_collections.slipway.lab.plugins.module_utils.workload.release.adoption import Adoption

CONFIG = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "data": {"x": "1"}}


@pytest.fixture
def adoption_of(context_of):
    """Return a function that looks for a takeover."""

    def find(check=False, **more):
        helm = {
            "release": "web",
            "chart": "shop",
            "version": "1",
            "digest": "a",
            "adopt": True,
            **more,
        }
        context = context_of(check, manifests=[{"helm": helm}])
        return Adoption.find(context), context

    return find


def of_helm(api, status="deployed", **chart):
    metadata = {"name": "shop", "version": "1", **chart}
    packed = base64.b64encode(
        base64.b64encode(json.dumps({"chart": {"metadata": metadata}}).encode())
    )
    labels = {"owner": "helm", "name": "web", "version": "4", "status": status}
    api.put("secrets", {
        "apiVersion": "v1", "kind": "Secret", "type": "helm.sh/release.v1",
        "metadata": {"name": "sh.helm.release.v1.web.v4", "namespace": "default", "labels": labels},
        "data": {"release": packed.decode()},
    })  # fmt: skip


def test_without_a_release_of_helm_there_is_none(adoption_of):
    assert adoption_of()[0] is None


@pytest.mark.parametrize(
    ("state", "options", "message"),
    [
        ({}, {"adopt": False}, r"belongs to helm \(revision 4\).*helm_adopt: true"),
        ({"status": "failed"}, {}, "and is failed.*helm rollback web"),
        ({"version": "2"}, {}, "as shop 2, and the task declares shop 1"),
        ({"name": "store"}, {}, "as store 1, and the task declares shop 1"),
    ],
)
def test_reasons_to_refuse(api, adoption_of, state, options, message):
    of_helm(api, **state)
    with pytest.raises(KubeError, match=message):
        adoption_of(**options)


def test_fields_are_taken_and_helm_is_told_at_the_end(api, adoption_of):
    of_helm(api)
    live = api.apply("configmaps", "default", "a", CONFIG, {"fieldManager": "helm"})
    adoption, _ = adoption_of()
    found = {ref_of(live): live}
    adoption.take_fields(found)
    [obj] = found.values()
    assert [entry["manager"] for entry in obj["metadata"]["managedFields"]] == ["slipway"]
    secret = api.get("secrets", "sh.helm.release.v1.web.v4")
    assert secret["metadata"]["labels"]["owner"] == "helm"
    adoption.finish()
    secret = api.get("secrets", "sh.helm.release.v1.web.v4")
    assert secret["metadata"]["labels"]["owner"] == "slipway"


def test_check_mode_takes_nothing(api, adoption_of):
    of_helm(api)
    live = api.apply("configmaps", "default", "a", CONFIG, {"fieldManager": "helm"})
    adoption, _ = adoption_of(check=True)
    adoption.take_fields({ref_of(live): live})
    assert not api.writes


def test_a_refusal_names_the_object(api, adoption_of):
    of_helm(api)
    live = api.apply("configmaps", "default", "a", CONFIG, {"fieldManager": "helm"})
    adoption, _ = adoption_of()
    api.remove("configmaps", "a")
    with pytest.raises(KubeError, match="ConfigMap default/a: "):
        adoption.take_fields(
            {ref_of(live): {**live, "metadata": {**live["metadata"], "resourceVersion": "0"}}}
        )
