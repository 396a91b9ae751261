"""Undo decides by one look at the revisions: the controller renumbers them meanwhile."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.ops import undo as kube_rollout
from support.kube_fake import replica_set

PATH = "/apis/apps/v1/namespaces/default/deployments/web"


TEMPLATE = {
    "metadata": {"labels": {"app": "web"}},
    "spec": {"containers": [{"name": "web", "image": "v2"}]},
}
WEB = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {
        "name": "web",
        "namespace": "default",
        "uid": "web-uid",
        "annotations": {"deployment.kubernetes.io/revision": "2"},
    },
    "spec": {"selector": {"matchLabels": {"app": "web"}}, "template": TEMPLATE},
}


class Client:
    """Gives each look at the ReplicaSets the next of ``looks``."""

    def __init__(self, *looks):
        self.looks = list(looks)
        self.patches = []

    def list_all(self, path, **query):
        return self.looks.pop(0), ""

    def patch(self, path, body, content_type, **query):
        self.patches.append(body)
        return WEB


def test_undo_looks_once_at_revisions_that_the_controller_renumbers():
    before = [replica_set("v1", 1, WEB), replica_set("v2", 2, WEB)]
    renumbered = [replica_set("v2", 2, WEB), replica_set("v1", 3, WEB)]
    client = Client(before, renumbered)
    _, revision = kube_rollout.undo(client, PATH, WEB, 0, False)
    assert revision == 1
    [[*_, replace]] = client.patches
    assert replace["value"]["spec"]["containers"][0]["image"] == "v1"
    assert replace["value"]["metadata"]["labels"] == {"app": "web"}


@pytest.mark.parametrize(
    "to, revisions, message",
    [
        (0, [replica_set("v2", 2, WEB)], "has no earlier revision"),
        (
            7,
            [replica_set("v1", 1, WEB), replica_set("v2", 2, WEB)],
            "no revision 7; available revisions: 1, 2",
        ),
    ],
)
def test_undo_names_the_available_revisions(to, revisions, message):
    with pytest.raises(KubeError, match=message):
        kube_rollout.undo(Client(revisions), PATH, WEB, to, False)


def test_undo_to_the_current_revision_changes_nothing():
    client = Client([replica_set("v1", 1, WEB), replica_set("v2", 2, WEB)])
    assert kube_rollout.undo(client, PATH, WEB, 2, False) == (WEB, 2)
    assert not client.patches


def revision(image: str, number: int, owner: dict) -> dict:
    """A revision of a StatefulSet, which keeps its pod template as a patch."""
    template = {**TEMPLATE, "spec": {"containers": [{"name": "web", "image": image}]}}
    references = [{"uid": owner["metadata"]["uid"], "kind": "StatefulSet", "name": "web"}]
    name = {"name": f"web-{number}", "namespace": "default", "ownerReferences": references}
    return {
        "apiVersion": "apps/v1",
        "kind": "ControllerRevision",
        "metadata": {**name, "labels": {"app": "web"}},
        "revision": number,
        "data": {"spec": {"template": {**template, "$patch": "replace"}}},
    }


@pytest.fixture
def stateful_set(api):
    """A StatefulSet with two revisions."""
    live = api.put(
        "statefulsets", {**WEB, "kind": "StatefulSet", "status": {"updateRevision": "web-2"}}
    )
    for number in (1, 2):
        api.put("controllerrevisions", revision(f"v{number}", number, live))
    return live


SETS = "/apis/apps/v1/namespaces/default/statefulsets/web"


def image(api) -> str:
    return api.get("statefulsets", "web")["spec"]["template"]["spec"]["containers"][0]["image"]


def test_a_stateful_set_gets_the_template_of_its_revision(api, client, stateful_set):
    after, number = kube_rollout.undo(client, SETS, stateful_set, 0, False)
    assert (image(api), number) == ("v1", 1)
    assert "$patch" not in after["spec"]["template"]


def test_a_declaration_in_the_meantime_is_not_undone(api, client, stateful_set):
    def declare(one):
        one["spec"]["template"]["spec"]["containers"][0]["image"] = "v3"

    api.update("statefulsets", "web", declare)
    with pytest.raises(KubeError, match="another client declared another revision"):
        kube_rollout.undo(client, SETS, stateful_set, 0, False)
    assert image(api) == "v3"


def test_an_undo_whose_answer_was_lost_has_succeeded(api, client, stateful_set):
    lost = []

    def lose(method, path):
        if method == "PATCH" and not lost:
            lost.append(path)
            raise ConnectionAbortedError

    api.losses.append(lose)
    after, _ = kube_rollout.undo(client, SETS, stateful_set, 0, False)
    assert lost and image(api) == "v1" and after["kind"] == "StatefulSet"
