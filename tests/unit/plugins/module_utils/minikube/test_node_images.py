"""Tests of ``minikube.node_images``, with a stand-in for docker."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.minikube import node_images
from ansible_collections.slipway.lab.plugins.module_utils.minikube.engine import (
    Engine,
    EngineError,
)
from ansible_collections.slipway.lab.plugins.module_utils.minikube.node_images import (
    NodeImages,
    list_images,
    load_archive,
    removals,
    running_nodes,
)
from support.image_nodes import config_id, container, docker_archive, images_of, install

WEB, DB = "docker.io/shop/web:v1", "docker.io/shop/db:v1"
NEW = config_id({"x": 1})


@pytest.fixture
def cluster(tmp_path):
    """Return the running nodes of a cluster."""

    def make(**nodes):
        program = install(
            tmp_path / "bin", {name.replace("_", "-"): node for name, node in nodes.items()}
        )
        return running_nodes(Engine(str(program)), "lab")

    make.images = lambda: images_of(tmp_path / "bin")
    make.archive = tmp_path / "web.tar"
    docker_archive(make.archive, {"shop/web:v1": {"x": 1}})
    return make


def test_only_running_nodes_of_the_profile_count(cluster):
    nodes = cluster(
        lab={"images": {}}, lab_m02={"images": {}, "status": "exited"}, other={"images": {}}
    )
    assert [one.node for one in nodes] == ["lab"]
    with pytest.raises(EngineError, match="no node of the profile lab runs"):
        cluster(lab={"images": {}, "status": "exited"})


def test_a_node_lacks_an_image_also_when_its_name_means_another(cluster):
    one, two = cluster(lab={"images": {NEW: [WEB]}}, lab_m02={"images": {"sha256:old": [WEB]}})
    assert one.missing({WEB: NEW}) == []
    assert two.missing({WEB: NEW}) == [WEB]


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:bz2", "w:xz"])
def test_an_archive_gets_into_all_nodes(cluster, mode):
    docker_archive(cluster.archive, {"shop/web:v1": {"x": 1}}, mode)
    nodes = cluster(lab={"images": {}}, lab_m02={"images": {"sha256:old": [WEB]}})
    steps = []
    load_archive(nodes, cluster.archive, {WEB: NEW}, steps.append)
    assert cluster.images() == {"lab": {NEW: [WEB]}, "lab-m02": {"sha256:old": [], NEW: [WEB]}}
    assert any("Loading into lab-m02: 100%" in step for step in steps)


def test_an_import_that_fails_names_node_and_cause(cluster):
    nodes = cluster(lab={"images": {}}, lab_m02={"images": {}, "fail": "no space left on device"})
    with pytest.raises(EngineError, match="web.tar .* into lab-m02: no space left"):
        load_archive(nodes, cluster.archive, {WEB: NEW}, print)
    assert cluster.images()["lab"] == {NEW: [WEB]}


def test_an_image_that_does_not_appear_is_an_error(cluster, monkeypatch):
    monkeypatch.setattr(node_images, "SHOWN_AFTER_SECONDS", 0)
    with pytest.raises(EngineError, match="lab has not imported docker.io/other:1"):
        load_archive(
            cluster(lab={"images": {}}), cluster.archive, {"docker.io/other:1": NEW}, print
        )


def test_an_image_goes_with_its_last_name(cluster):
    nodes = cluster(lab={"images": {"sha256:a": [WEB, DB], "sha256:b": ["x"]}})
    for node, image, names in removals(nodes, [WEB]):
        node.remove(image, names)
    assert cluster.images() == {"lab": {"sha256:a": [DB], "sha256:b": ["x"]}}
    for node, image, names in removals(nodes, [DB]):
        node.remove(image, names)
    assert cluster.images() == {"lab": {"sha256:b": ["x"]}}
    for node, image, names in removals(nodes, ["sha256:b"]):
        node.remove(image, names)
    assert cluster.images() == {"lab": {}}
    assert removals(nodes, [WEB]) == []


@pytest.mark.parametrize("by", ["sha256:a", WEB])
def test_an_image_that_a_pod_uses_stays_on_all_nodes(cluster, by):
    used = {"images": {"sha256:a": [WEB]}, "containers": [container("shop/web-1", by)]}
    nodes = cluster(lab={"images": {"sha256:a": [WEB]}}, lab_m02=used)
    with pytest.raises(
        EngineError, match=f"nothing was removed: {WEB} is used by shop/web-1 on lab-m02"
    ):
        removals(nodes, [WEB])
    ended = {**used, "containers": [container("shop/web-1", by, "CONTAINER_EXITED")]}
    assert len(removals(cluster(lab=ended), [WEB])) == 1


def test_images_of_all_nodes_are_listed_once(cluster):
    nodes = cluster(
        lab={"images": {"sha256:a": [WEB], "sha256:n": []}}, lab_m02={"images": {"sha256:a": [DB]}}
    )
    shared = {"bytes": 5000000, "digests": []}
    assert list_images(nodes) == [
        {**shared, "id": "sha256:n", "names": [], "nodes": ["lab"]},
        {**shared, "id": "sha256:a", "names": [DB, WEB], "nodes": ["lab", "lab-m02"]},
    ]


def test_a_runtime_that_does_not_answer_is_named(cluster):
    node = cluster(lab={"images": {}, "silent": True})[0]
    assert isinstance(node, NodeImages)
    with pytest.raises(EngineError, match="runtime of lab .*connection refused.*containerd"):
        node.all()
