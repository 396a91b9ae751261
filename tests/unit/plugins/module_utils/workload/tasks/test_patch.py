"""Tests of ``workload.tasks.patch``."""

from __future__ import annotations

import json

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.workload.tasks.patch import patch_objects

OPTIONS = {
    "kind": "ConfigMap", "all_namespaces": False, "type": None, "force": False, "field_manager": "slipway-patch",
    "at_most": 100, "wait_for": None, "wait_timeout": 2,
}  # fmt: skip
PATCH = {"data": {"mode": "fast"}}


@pytest.fixture
def run(api, module_of):
    for name in ("a", "b"):
        metadata = {"name": name, "namespace": "default", "labels": {"app": name, "team": "x"}}
        obj = {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": metadata,
            "data": {"mode": "slow"},
        }
        api.put("configmaps", obj)

    def run(check=False, diff=False, **options):
        module = module_of(check, **{**OPTIONS, "patch": PATCH, **options})
        module._diff = diff
        return patch_objects(module)

    return run


def modes(api):
    return [api.get("configmaps", name)["data"]["mode"] for name in ("a", "b")]


def test_objects_are_patched_by_names_and_by_selector(api, run):
    result = run(label_selector="app=a")
    assert [one["action"] for one in result["objects"]] == ["patched"]
    assert modes(api) == ["fast", "slow"]
    result = run(names=["a", "b"])
    assert [one["action"] for one in result["objects"]] == ["unchanged", "patched"]
    assert result["changed"] and not run(label_selector="team=x")["changed"]


def test_check_mode_predicts_with_a_diff(api, run):
    result = run(check=True, diff=True, name="a")
    assert result["changed"] and modes(api) == ["slow", "slow"]
    assert result["diff"]["after"]["ConfigMap default/a"]["data"] == {"mode": "fast"}


def test_nothing_is_created_and_nothing_patched_when_an_object_is_missing(api, run):
    with pytest.raises(KubeError, match="ConfigMap default/c does not exist; nothing was patched"):
        run(names=["a", "c"])
    with pytest.raises(KubeError, match="a ConfigMap that the selectors match does not exist"):
        run(label_selector="app=none")
    assert modes(api) == ["slow", "slow"] and not api.writes


def test_a_selector_that_matches_too_many_is_refused(api, run):
    with pytest.raises(KubeError, match=r"2 objects match \(a, b, ...\), and at_most is 1"):
        run(label_selector="team=x", at_most=1)
    assert not api.writes


@pytest.mark.slow
def test_conditions_of_each_object_are_waited_for(api, run):
    wanted = [{"path": ".data.mode", "value": "fast"}]
    result = run(label_selector="team=x", wait_for=wanted)
    assert [one["met"] for one in result["waited_for"]] == [True, True]
    wanted = [{"path": ".data.ready", "value": "yes"}]
    with pytest.raises(KubeError, match=r"a has the value yes at .data.ready") as caught:
        run(name="a", patch={"data": {"mode": "new"}}, wait_for=wanted)
    assert caught.value.result["changed"] and caught.value.result["objects"]
    with pytest.raises(KubeError, match="needs exactly one of condition, path"):
        run(name="a", patch={"data": {"mode": "no"}}, wait_for=[{}])
    assert modes(api)[0] == "new"


def test_content_of_secrets_is_hidden(api, module_of):
    metadata = {"name": "s", "namespace": "default"}
    secret = {"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "data": {"key": "b2xk"}}
    api.put("secrets", secret)
    patch = {"data": {"key": "bmV3c2VjcmV0"}}
    module = module_of(**{**OPTIONS, "kind": "Secret", "name": "s", "patch": patch})
    module._diff = True
    result = patch_objects(module)
    assert result["changed"] and api.get("secrets", "s")["data"] == patch["data"]
    assert "bmV3c2VjcmV0" not in json.dumps([result, module.params["patch"]])
