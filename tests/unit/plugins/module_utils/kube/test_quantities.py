"""Tests of ``kube.quantities``."""

from ansible_collections.slipway.lab.plugins.module_utils.kube.quantities import refused_quantities


def test_values_that_are_no_quantities_are_named_with_their_path():
    good = {"requests": {"cpu": "100m", "memory": "1.5Gi"}, "limits": {"cpu": 1}}
    bad = {"requests": {"cpu": "0,5", "memory": "512MB"}}
    spec = {
        "containers": [{"resources": good}, {"resources": bad}],
        "volumes": [{"emptyDir": {"sizeLimit": "1 G"}}],
    }
    found = refused_quantities({"metadata": {"labels": {"limits": "none"}}, "spec": spec})
    assert [line.split(":")[0] for line in found] == [
        "spec.containers[1].resources.requests.cpu",
        "spec.containers[1].resources.requests.memory",
        "spec.volumes[0].emptyDir.sizeLimit",
    ]
    assert "'512MB' is not a valid quantity" in found[1]
