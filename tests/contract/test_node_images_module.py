"""Contract of the modules node_images and node_images_info, and of the action plugin that copies the archive."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from support.image_nodes import config_id, container, docker_archive, images_of, install
from support.module_options import check_options
from support.module_runner import run_module

ROOT = Path(__file__).resolve().parents[2]
WEB = "docker.io/shop/web:v1"
NEW = config_id({"x": 1})


@pytest.fixture
def cluster(tmp_path, monkeypatch):
    """Two nodes: one has nothing, one has another image of the same name."""

    def make(**more):
        nodes = {"lab": {"images": {}}, "lab-m02": {"images": {"sha256:old": [WEB]}}}
        folder = install(tmp_path / "bin", {**nodes, **more}).parent
        monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
        return folder

    make.archive = docker_archive(tmp_path / "web.tar", {"shop/web:v1": {"x": 1}})
    return make


def good(result):
    assert not result.get("failed"), result["msg"]
    return result


def test_an_archive_is_loaded_once(cluster):
    folder = cluster()
    options = {"profile": "lab", "archive": str(cluster.archive), "remote_src": True}
    told = good(run_module("node_images", check=True, diff=True, **options))
    assert told["changed"] and images_of(folder)["lab"] == {}
    assert told["nodes"] == {"lab": [WEB], "lab-m02": [WEB]}
    assert told["diff"]["after"]["lab"] == {WEB: "loaded"} and told["diff"]["before"]["lab"] == {}
    done = good(run_module("node_images", **options))
    assert done["changed"] and done["images"] == {WEB: NEW}
    assert images_of(folder)["lab-m02"] == {"sha256:old": [], NEW: [WEB]}
    (folder / "log").write_text("")
    again = good(run_module("node_images", **options))
    assert not again["changed"] and again["nodes"] == {"lab": [], "lab-m02": []}
    assert "import" not in (folder / "log").read_text()


def test_images_are_removed_once_unless_a_pod_uses_them(cluster):
    used = {"images": {NEW: [WEB]}, "containers": [container("shop/web-1", NEW)]}
    options = {"profile": "lab", "state": "absent", "names": ["shop/web:v1"]}
    folder = cluster(lab=used)
    refused = run_module("node_images", **options)
    assert refused["failed"] and "used by shop/web-1 on lab" in refused["msg"]
    assert images_of(folder)["lab-m02"] == {"sha256:old": [WEB]}
    folder = cluster(lab={"images": {NEW: [WEB]}})
    told = good(run_module("node_images", check=True, diff=True, **options))
    assert told["changed"] and told["diff"]["before"]["lab"] == {WEB: "loaded"}
    assert images_of(folder)["lab"] == {NEW: [WEB]}
    done = good(run_module("node_images", **options))
    assert done["changed"] and done["nodes"] == {"lab": [WEB], "lab-m02": [WEB]}
    assert images_of(folder) == {"lab": {}, "lab-m02": {}}
    assert not good(run_module("node_images", **options))["changed"]


def test_images_are_listed(cluster):
    cluster()
    found = good(run_module("node_images_info", profile="lab"))
    assert not found["changed"]
    assert found["images"] == [
        {"id": "sha256:old", "names": [WEB], "digests": [], "bytes": 5000000, "nodes": ["lab-m02"]}
    ]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({}, "archive"),
        ({"state": "absent"}, "names"),
        ({"archive": "/no/such", "remote_src": True}, "/no/such cannot be read as an archive"),
        (
            {"archive": "/x", "profile": "none", "contents": {"a": "b"}},
            "no node of the profile none runs",
        ),
    ],
)
def test_mistakes_are_named(cluster, options, said):
    cluster()
    result = run_module("node_images", **{"profile": "lab", **options})
    assert result["failed"] and said in result["msg"]


@pytest.fixture
def play(tmp_path, cluster):
    """Run a task on a host through Ansible; return its result."""

    def run(*flags, **options):
        playbook = tmp_path / "play.yml"
        task = {"slipway.lab.node_images": {"profile": "lab", **options}, "register": "done"}
        show = {
            "ansible.builtin.copy": {"content": "{{ done | to_json }}", "dest": f"{tmp_path}/done"}
        }
        tasks = [{**task, "ignore_errors": True}, {**show, "check_mode": False}]
        playbook.write_text(
            yaml.safe_dump([{"hosts": "all", "gather_facts": False, "tasks": tasks}])
        )
        command = [str(Path(sys.executable).parent / "ansible-playbook"), "-i", "h,", "-c", "local"]
        environment = {
            **os.environ, "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"), "LC_ALL": "C.UTF-8",
            "ANSIBLE_PYTHON_INTERPRETER": sys.executable,
        }  # fmt: skip
        done = subprocess.run(
            [*command, *flags, str(playbook)],
            env=environment,
            capture_output=True,
            text=True,
            cwd=ROOT,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads((tmp_path / "done").read_text())

    return run


def test_an_archive_of_the_controller_is_copied_only_when_a_node_needs_it(play, cluster):
    folder = cluster()
    told = play("--check", archive=str(cluster.archive))
    assert told["changed"] and images_of(folder)["lab"] == {}
    done = play(archive=str(cluster.archive))
    assert done["changed"] and images_of(folder)["lab"] == {NEW: [WEB]}
    assert not play(archive=str(cluster.archive))["changed"]
    wrong = play(archive="no-such.tar")
    assert wrong["failed"] and "no-such.tar" in wrong["msg"]


@pytest.mark.parametrize("name", ["node_images", "node_images_info"])
def test_documentation_says_what_the_options_are(name, monkeypatch):
    check_options(name, monkeypatch)
