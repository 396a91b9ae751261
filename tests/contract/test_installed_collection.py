"""The collection works when it is installed from its tarball, without the checkout."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from support.installed_collection import Installation
from support.kube_fake import FakeApi

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
LESSONS = sorted(path.parent.name for path in ROOT.glob("playbooks/lessons/*/lesson.yml"))
LESSONS.remove("vars")
INFO = "slipway.lab.workload_info"


def play(installation: Installation, *tasks: dict, defaults: dict | None = None) -> None:
    """Run tasks on this machine."""
    content = {"hosts": "localhost", "gather_facts": False, "tasks": list(tasks)}
    content["module_defaults"] = defaults or {}
    (installation.home / "play.yml").write_text(yaml.safe_dump([content]))
    installation.run("ansible-playbook", "-i", "localhost,", "-c", "local", "play.yml")


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """Build the collection and install it."""
    installation = Installation(tmp_path_factory.mktemp("home"))
    installation.install()
    return installation


def test_documentation_of_every_module_is_found(installed):
    names = [f"slipway.lab.{path.stem}" for path in (ROOT / "library").glob("*.py")]
    found = json.loads(installed.run("ansible-doc", "-t", "module", "--json", *names))
    assert set(found) == set(names)
    assert all(one["doc"]["filename"].startswith(str(installed.home)) for one in found.values())


def test_a_module_reads_the_cluster_through_the_action_group(installed):
    with FakeApi() as api:
        namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "default"}}
        api.put("namespaces", namespace)
        task = {"name": "Read a workload", INFO: {"namespace": "default", "name": "web"}}
        play(installed, task, defaults={"group/slipway.lab.kube": {"host": api.url}})
        assert api.log


def test_the_lookup_reads_the_cluster(installed):
    with FakeApi() as api:
        metadata = {"name": "a", "namespace": "default"}
        api.put("configmaps", {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata})
        found = "query('slipway.lab.objects', kind='ConfigMap', host=url) | map(attribute='metadata.name')"
        that = {"that": f"{found} | list == ['a']"}
        play(installed, {"name": "Look", "ansible.builtin.assert": that, "vars": {"url": api.url}})


def test_a_former_name_resolves(installed):
    found = json.loads(installed.run("ansible-doc", "-t", "module", "--json", "slipway.lab.load"))
    assert [one["doc"]["module"] for one in found.values()] == ["http_load"]


def test_tasks_of_every_playbook_resolve(installed):
    lessons = [f"slipway.lab.lessons.{lesson}.lesson" for lesson in LESSONS]
    playbooks = ["slipway.lab.site", "slipway.lab.status", "slipway.lab.teardown", *lessons]
    listed = installed.run("ansible-playbook", "--list-tasks", "-i", "localhost,", *playbooks)
    assert listed.count("\nplaybook: ") == len(playbooks)
    assert "Fail if the lab is not ready" in listed
