"""Names of objects that the API server, or a client on the way to it, reads as something else."""

from __future__ import annotations

import pytest

from support.rights_scenarios import config

# the namespace around the objects, all of them, and a subresource
ELSEWHERE = ["..", ".", "keep/scale"]


@pytest.mark.parametrize("name", ELSEWHERE)
def test_a_name_never_leads_to_another_object(space, name):
    space.declare(manifests=[config("keep")], wait="applied")
    asked = {"kind": "ConfigMap", "name": name}
    patch = {"metadata": {"labels": {"a": "b"}}}
    answers = [
        space.run("objects_info", **asked),
        space.run("objects_patch", **asked, patch=patch),
        space.run("objects_delete", **asked),
        space.run("workload", manifests=[config(name)], wait="applied"),
        space.run("workload", manifests=[config(name)], state="absent"),
    ]
    assert [one.get("failed") for one in answers] == [True] * len(answers), answers
    assert all(repr(name) in one["msg"] for one in answers)
    namespace = space.server.must("GET", space.core)
    assert namespace["status"]["phase"] == "Active" and "a" not in namespace["metadata"]["labels"]
    assert space.server.must("GET", f"{space.core}/configmaps/keep")


def test_a_role_may_have_any_name_that_the_server_takes(space):
    kind = {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role"}
    names = ["system:a", "team=a,b", "a b", "#1?x=2", "ä"]
    roles = [{**kind, "metadata": {"name": name}, "rules": []} for name in names]
    space.declare(manifests=roles, wait="rolled_out")
    assert not space.declare(manifests=roles, wait="rolled_out")["changed"]
    for role in roles:  # one by one, so that each is watched by its name
        assert space.declare(manifests=[role], state="absent")["counts"] == {"deleted": 1}


def test_kinds_have_the_short_names_of_the_server(space):
    space.declare(manifests=[config("one")], wait="applied")
    found = space.run("objects_info", kind="cm", name="one", fields=["data"])["objects"]
    assert (
        found
        and found
        == space.run("objects_info", kind="ConfigMap", name="one", fields=["data"])["objects"]
    )
    # two groups serve events
    for kind in ("deploy", "hpa", "ev"):
        assert not space.run("objects_info", kind=kind).get("failed")
    assert "set api_version" in space.run("objects_info", kind="nonsense")["msg"]
