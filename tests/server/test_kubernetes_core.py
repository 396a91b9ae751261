"""Modules of kubernetes.core work beside those of Slipway, with the same options of the connection."""

from __future__ import annotations

import json

import pytest

from support.playbook import Playbook

WAYS = ["files", "kubeconfig", "mapping", "token"]


@pytest.fixture
def connection(server, space, tmp_path):
    """Return a function that returns the options of a way to the server."""

    def options(way: str) -> dict:
        text = server.kubeconfig(server.admin_user())
        if way == "kubeconfig":
            path = tmp_path / "kubeconfig"
            path.write_text(json.dumps(text))
            return {"kubeconfig": str(path), "context": text["current-context"]}
        if way == "token":
            token = server.account(space.name, "robot")
            role = {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "view"}
            subject = {"kind": "ServiceAccount", "name": "robot", "namespace": space.name}
            path = f"/apis/rbac.authorization.k8s.io/v1/namespaces/{space.name}/rolebindings"
            body = {"metadata": {"name": "robot"}, "roleRef": role, "subjects": [subject]}
            server.must("POST", path, body)
            return {"host": server.url, "ca_cert": str(server.ca), "api_key": token}
        return {"kubeconfig": text} if way == "mapping" else space.admin

    return options


@pytest.mark.parametrize("way", WAYS)
def test_both_collections_connect_with_the_same_options(space, tmp_path, connection, way):
    for name in ("a", "b"):
        space.server.must("POST", f"{space.core}/configmaps", {"metadata": {"name": name}})
    playbook = Playbook(tmp_path, **connection(way))
    asked = {"kind": "ConfigMap", "namespace": space.name}
    ours = playbook.run("objects_info", **asked)
    theirs = playbook.run("kubernetes.core.k8s_info", **asked)
    assert not ours.get("failed"), ours["msg"]
    assert not theirs.get("failed"), theirs["msg"]
    found = [
        {one["metadata"]["uid"] for one in result}
        for result in (ours["objects"], theirs["resources"])
    ]
    assert found[0] == found[1] and len(found[0]) >= 2
