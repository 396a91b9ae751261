import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.discovery import Resource
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import ApiError, KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ObjectRef
from support.kube_fake import Refused


@pytest.mark.parametrize(
    ("resource", "namespace", "path"),
    [
        (Resource("v1", "Pod", "pods", True), "lab", "/api/v1/namespaces/lab/pods"),
        (Resource("v1", "Node", "nodes", False), "lab", "/api/v1/nodes"),
        (Resource("apps/v1", "Deployment", "deployments", True), "", "/apis/apps/v1/deployments"),
    ],
)
def test_paths_of_collections(resource, namespace, path):
    assert resource.collection(namespace) == path
    assert resource.path(namespace, "a b") == f"{path}/a%20b"


def test_each_version_is_discovered_once(api, discovery):
    assert discovery.path(ObjectRef("v1", "Pod", "lab", "web")) == "/api/v1/namespaces/lab/pods/web"
    assert discovery.find("v1", "ConfigMap").plural == "configmaps"
    discovery.load(["v1", "v1", ""])
    assert len(api.log) == 1


def test_forgotten_version_is_discovered_again(api, discovery):
    discovery.find("v1", "Pod")
    discovery.forget("v1")
    discovery.find("v1", "Pod")
    assert len(api.log) == 2


@pytest.mark.parametrize(
    ("version", "kind", "hint"),
    [
        ("apps/v1", "deployment", "did you mean Deployment?"),
        ("batch/v1", "Widget", "batch/v1 has CronJob, Job"),
        ("widgets.io/v1", "Widget", "is its CustomResourceDefinition installed?"),
        ("extensions/v1beta1", "Deployment", "apps/v1 has this kind; change apiVersion"),
        ("v1", "Deployment", "apps/v1 has this kind; change apiVersion"),
    ],
)
def test_unknown_kind_is_explained(discovery, version, kind, hint):
    assert discovery.find(version, kind) is None
    with pytest.raises(KubeError) as caught:
        discovery.require(version, kind)
    assert hint in str(caught.value)


def test_another_version_of_the_group_is_named(api, discovery):
    api.answers["/apis/apps"] = lambda: (
        200,
        b'{"preferredVersion": {"groupVersion": "apps/v1"}, "versions": []}',
    )
    with pytest.raises(KubeError, match=r"apps/v1 has this kind; change apiVersion"):
        discovery.require("apps/v1beta1", "ControllerRevision")


def test_refused_discovery_is_an_error(api, discovery):
    def forbid(method, path):
        raise Refused(403, "Forbidden", "no access")

    api.faults.append(forbid)
    with pytest.raises(ApiError, match="no access"):
        discovery.find("apps/v1", "Deployment")


def test_preferred_version_of_a_group(api, discovery):
    api.answers["/apis/apps"] = lambda: (200, b'{"preferredVersion": {"groupVersion": "apps/v1"}}')
    assert discovery.preferred("apps", "Deployment").api_version == "apps/v1"
    assert discovery.preferred("", "Pod").api_version == "v1"
    api.answers["/apis/none"] = lambda: (200, b"{}")
    assert discovery.preferred("none", "Widget") is None


def test_a_kind_that_the_preferred_version_does_not_have_is_found_in_another(api, discovery):
    api.answers["/apis/apps"] = lambda: (
        200,
        b'{"preferredVersion": {"groupVersion": "apps/v2"},'
        b' "versions": [{"groupVersion": "apps/v2"}, {"groupVersion": "apps/v1"}]}',
    )
    api.answers["/apis/apps/v2"] = lambda: (200, b'{"resources": [{"name": "a", "kind": "A"}]}')
    assert discovery.preferred("apps", "A").api_version == "apps/v2"
    assert discovery.preferred("apps", "Deployment").api_version == "apps/v1"
    assert discovery.preferred("apps", "Widget") is None


def test_subresources_belong_to_their_resource(discovery):
    assert discovery.find("apps/v1", "Deployment").subresources == {"scale", "status"}
    assert discovery.find("apps/v1", "DaemonSet").subresources == set()


def test_a_resource_is_found_by_its_plural_name(discovery):
    assert discovery.by_plural("pods", None).api_version == "v1"
    assert discovery.by_plural("deployments", None).kind == "Deployment"
    assert discovery.by_plural("widgets", None) is None
    assert discovery.by_plural("widgets", "example.com").kind == "Widget"
    assert discovery.by_plural("pods", "").kind == "Pod"
    assert discovery.by_plural("pods", "none.example.com") is None


def test_a_resource_is_found_by_its_short_name(discovery):
    (found,) = discovery.by_short_name("deploy")
    assert (found.kind, found.api_version) == ("Deployment", "apps/v1")
    assert [one.kind for one in discovery.by_short_name("toy")] == ["Widget", "Gadget"]
    assert discovery.by_short_name("deploy", "v1") == discovery.by_short_name("none") == []


def test_a_group_that_cannot_be_read_hides_no_short_name_of_another(api, discovery):
    def fail(method, path):
        if path == "/apis/example.com/v1":
            raise Refused(503, "ServiceUnavailable", "no answer")

    api.faults.append(fail)
    assert [one.kind for one in discovery.by_short_name("po")] == ["Pod"]
    assert discovery.by_short_name("wd") == []
    with pytest.raises(ApiError, match="no answer"):
        discovery.load(["example.com/v1"])
