"""Modules run on the oldest Python that hosts may have."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import ansible
import pytest

from support.kube_fake import broken_pod

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "tests/support/on_target.py"
VERSION = "3.9"
CONFIG = {
    "apiVersion": "v1",
    "kind": "ConfigMap",
    "metadata": {"name": "one", "namespace": "default"},
}
APP = {"name": "web", "image": "web:1", "ports": ["80:8080"], "replicas": 2}

pytestmark = pytest.mark.slow


def interpreter():
    """Return the Python of a target on this machine, if it has one."""
    managed = Path.home().glob(f".pyenv/versions/{VERSION}.*/bin/python")
    for program in (shutil.which(f"python{VERSION}"), *managed):
        # A shim of pyenv exists for each version, and fails when the version is not selected.
        if program and not subprocess.run([program, "-V"], capture_output=True).returncode:
            return str(program)
    pytest.skip(f"this machine has no Python {VERSION}")


@pytest.fixture(scope="module")
def python(tmp_path_factory):
    """A Python with what a target has: the libraries of Kubernetes, and what Ansible sends with a module."""
    target = tmp_path_factory.mktemp("target")
    uv = [sys.executable, "-m", "uv"]
    subprocess.run([*uv, "venv", "--quiet", "--python", interpreter(), target], check=True)
    program = target / "bin/python"
    lock = ROOT / "requirements/target.lock"
    install = ("pip", "install", "--quiet", "--require-hashes", "--python", program, "-r", lock)
    subprocess.run([*uv, *install], check=True)
    [packages] = target.glob("lib/python*/site-packages")
    (packages / "ansible").mkdir()
    (packages / "ansible/__init__.py").touch()
    sent = Path(ansible.__file__).parent / "module_utils"
    (packages / "ansible/module_utils").symlink_to(sent)
    return program


@pytest.fixture
def run(python, api):
    def runner(module, **options):
        arguments = json.dumps({"host": api.url, **options})
        done = subprocess.run(
            [python, SCRIPT, module], input=arguments, capture_output=True, text=True
        )
        assert "Traceback" not in done.stderr, done.stderr
        return json.loads(done.stdout)

    return runner


def test_all_modules_can_be_imported(python):
    done = subprocess.run([python, SCRIPT, "import"], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == {}


def test_workloads_are_deployed_scaled_and_removed(run, api):
    answer = "/api/v1/namespaces/default/services/web%3Atcp-80/proxy/"
    api.answers[answer] = lambda: (200, b"hi")
    assert run("workload", **APP)["counts"] == {"created": 2}
    assert not run("workload", **APP)["changed"]
    assert run("workload_scale", name="web", replicas=3)["changed"]
    assert api.get("deployments", "web")["spec"]["replicas"] == 3
    assert run("workload", name="web", state="absent")["changed"]
    assert api.get("deployments", "web") is None


def test_an_image_that_does_not_exist_is_explained(run, api):
    api.broken.add("web:1")
    waiting = {"reason": "ErrImagePull", "message": "web:1: not found"}
    failing = broken_pod({"state": {"waiting": waiting}}, "Failed", event="no such image")
    api.reactions.append(failing)
    said = run("workload", **APP)
    assert said["failed"] and "web:1: not found" in said["msg"] and "next:" in said["msg"]


def test_objects_are_read_changed_and_deleted(run, api):
    api.put("configmaps", CONFIG)
    chosen = {"kind": "ConfigMap", "name": "one"}
    [found] = run("objects_info", **chosen)["objects"]
    assert found["metadata"]["name"] == "one"
    assert run("objects_patch", **chosen, patch={"data": {"a": "b"}})["changed"]
    assert run("objects_delete", **chosen)["changed"]
    assert api.get("configmaps", "one") is None
