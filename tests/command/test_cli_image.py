"""The command ``image`` with the real playbook, on a host whose docker is a stand-in for a cluster."""

import json

import pytest

from support.image_nodes import config_id, container, docker_archive, images_of
from support.json_document import read_document

WEB = "docker.io/shop/web:v1"


@pytest.fixture
def lab(nodes):
    """Run ``image`` on a lab on this machine; ``lab.docker`` is the folder of the stand-in for docker."""

    def run(word, *arguments):
        return nodes("image", word, *arguments)

    run.docker = nodes.docker
    return run


def test_images_from_load_to_rm(lab, tmp_path):
    archive = docker_archive(tmp_path / "db.tar.gz", {"shop/db:v1": {"x": 1}}, "w:gz")
    done = lab("load", str(archive), "shop/web:v1", "--json")
    assert done.returncode == 0, done.stderr
    told = read_document("run", done.stdout)
    assert told["ok"] and told["changed"] == 1
    db = config_id({"x": 1})
    assert images_of(lab.docker)["minikube-m02"][db] == ["docker.io/shop/db:v1"]
    assert json.loads(lab("load", str(archive), "shop/web:v1", "--json").stdout)["changed"] == 0
    listed = read_document("images", lab("list", "--json").stdout)["images"]
    assert [one["names"] for one in listed] == [["docker.io/shop/db:v1"], [WEB]]
    assert listed[0]["nodes"] == ["minikube", "minikube-m02"] and listed[0]["host"] == "here"
    assert not list(tmp_path.glob("state/slipway/fixture/*.tar"))

    state = json.loads((lab.docker / "state.json").read_text())
    state["nodes"]["minikube"]["containers"] = [container("shop/db-0", db)]
    (lab.docker / "state.json").write_text(json.dumps(state))
    refused = lab("rm", "shop/db:v1", "shop/web:v1")
    assert refused.returncode == 1 and "docker.io/shop/db:v1 is used by shop/db-0" in refused.stderr
    assert lab("rm", "shop/web:v1").returncode == 0
    assert images_of(lab.docker)["minikube"] == {db: ["docker.io/shop/db:v1"]}


def test_a_directory_is_built_and_loaded_once(lab, tmp_path):
    (tmp_path / "app").mkdir()
    (tmp_path / "app/Containerfile").write_text("FROM scratch\nCOPY x /\n")
    words = ("build", str(tmp_path / "app"), "--tag", "shop/app:dev", "--json")
    told = lab(*words, "--check")
    assert told.returncode == 0, told.stderr
    assert json.loads(told.stdout)["changed"] == 1 and images_of(lab.docker)["minikube"] == {}
    first = lab(*words)
    assert first.returncode == 0, first.stderr
    assert json.loads(first.stdout)["changed"] == 2
    assert "docker.io/shop/app:dev" in str(images_of(lab.docker)["minikube-m02"])
    assert json.loads(lab(*words).stdout)["changed"] == 0
    (tmp_path / "app/x").write_text("2")
    assert json.loads(lab(*words).stdout)["changed"] == 2


def test_what_does_not_exist_is_named(lab, tmp_path):
    done = lab("load", "no/such:v1")
    assert done.returncode == 1 and "reference does not exist" in done.stderr
    (tmp_path / "text.tar").write_text("text")
    done = lab("load", str(tmp_path / "text.tar"))
    assert done.returncode == 1 and "cannot be read as an archive" in done.stderr
