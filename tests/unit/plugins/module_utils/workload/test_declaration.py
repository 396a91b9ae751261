from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.workload.declaration import Declaration

CONFIG = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"}}


def test_applications_and_manifests_become_objects(params):
    apps = [{"name": "a", "image": "x:1"}, {"name": "b", "image": "x:1", "namespace": "other"}]
    declaration = Declaration.from_params({**params, "apps": apps, "manifests": [CONFIG]})
    assert [obj["metadata"]["name"] for obj in declaration.objects] == ["a", "b", "c"]
    assert set(declaration.serve) == {("default", "a"), ("other", "b")}


def test_absent_applications_are_removed_and_not_rendered(params):
    declaration = Declaration.from_params({**params, "name": "web", "state": "absent"})
    assert declaration.objects == []
    (removed,) = declaration.removed
    assert (removed["name"], removed["namespace"]) == ("web", "default")


def test_all_mistakes_are_reported_together(params):
    apps = [{"name": "Web", "image": "x:1"}, {"name": "b"}]
    options = {
        "apps": apps,
        "prune": True,
        "adopt": False,
        "wait_timeout": 0,
        "fail_after": {"luck": 1},
    }
    with pytest.raises(KubeError) as caught:
        Declaration.from_params({**params, **options})
    places = [problem.split(":")[0] for problem in caught.value.result["problems"]]
    assert places == [
        "apps[0].name",
        "apps[1]",
        "prune",
        "adopt",
        "wait_timeout",
        "fail_after.luck",
    ]


def test_mistakes_in_the_order_are_among_the_mistakes(params):
    apps = [{"name": "a", "after": ["x"]}, {"name": "b", "image": "x:1", "after": ["b"]}]
    bad = {**CONFIG, "metadata": {"name": "c", "annotations": {"slipway/stage": "one"}}}
    with pytest.raises(KubeError) as caught:
        Declaration.from_params({**params, "apps": apps, "manifests": [bad]})
    places = [problem.split(":")[0] for problem in caught.value.result["problems"]]
    assert places == ["apps[0]", "apps[0].after", "after", "ConfigMap c"]


def test_all_objects_of_an_application_are_in_its_stage(params):
    apps = [{"name": "a", "image": "x:1"}, {"name": "b", "image": "x:1", "ports": [80], "after": ["a"]}]  # fmt: skip
    declaration = Declaration.from_params({**params, "apps": apps})
    assert {(ref.kind, ref.name): number for ref, number in declaration.stages.items()} == {
        ("Deployment", "a"): 0,
        ("Service", "b"): 1,
        ("Deployment", "b"): 1,
    }


def test_a_single_application_is_named_in_messages(params):
    with pytest.raises(KubeError, match="web: image is missing"):
        Declaration.from_params({**params, "name": "web"})


@pytest.mark.parametrize("options", [{}, {"apps": []}, {"manifests": []}])
def test_an_empty_declaration_is_a_mistake(params, options):
    with pytest.raises(KubeError, match="nothing is declared"):
        Declaration.from_params({**params, **options})


def test_an_empty_declaration_may_prune_a_set(params):
    declaration = Declaration.from_params({**params, "prune": True, "applyset": "shop"})
    assert declaration.objects == []


def test_objects_get_the_namespace_of_the_task(params, cluster):
    declaration = Declaration.from_params({**params, "namespace": "shop", "manifests": [CONFIG]})
    (obj,) = declaration.placed(cluster.discovery)
    assert obj["metadata"]["namespace"] == "shop"


def test_an_object_is_declared_once(params, cluster):
    declaration = Declaration.from_params({**params, "manifests": [CONFIG, CONFIG]})
    with pytest.raises(KubeError, match="ConfigMap default/c: is declared twice"):
        declaration.placed(cluster.discovery)
