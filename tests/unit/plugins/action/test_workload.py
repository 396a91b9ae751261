"""The action plugin passes content to the module, and the connection to the question about a release."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar

from ansible_collections.slipway.lab.plugins.action import workload
from ansible_collections.slipway.lab.plugins.plugin_utils import manifest_inputs


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run the plugin with arguments; return its result and the modules that it ran."""
    monkeypatch.setattr("ansible.plugins.action.ActionBase.run", lambda *a: {})
    ran = []

    def execute(module_name=None, module_args=None, task_vars=None, wrap_async=False):
        ran.append((module_name, module_args, wrap_async))
        return {"changed": True} if module_name is None else {"failed": True, "msg": "no cluster"}

    def run_action(asynchronous=0, **arguments):
        loader = DataLoader()
        variables = {"ansible_search_path": [str(tmp_path)], "greeting": "hello"}
        action = workload.ActionModule.__new__(workload.ActionModule)
        action._task = SimpleNamespace(args=arguments, action="workload", async_val=asynchronous)
        action._connection = SimpleNamespace(
            has_native_async=False, _shell=SimpleNamespace(tmpdir=None)
        )
        action._loader, action._templar = loader, Templar(loader, variables=variables)
        action._execute_module = execute
        action._remove_tmp_path = lambda path: None
        ran.clear()
        return action.run(task_vars=variables), ran

    return run_action


def test_without_manifests_the_arguments_stay(run):
    result, [(name, arguments, wrapped)] = run(name="web", image="web:1")
    assert result == {"changed": True} and name is None and not wrapped
    assert arguments == {"name": "web", "image": "web:1"}


def test_an_asynchronous_task_stays_one(run):
    _, [(_, _, wrapped)] = run(asynchronous=60, name="web", image="web:1")
    assert wrapped


def test_files_and_templates_become_content(run, tmp_path):
    (tmp_path / "a.yml").write_text("kind: A\n")
    (tmp_path / "b.j2").write_text("kind: {{ greeting }}-{{ name }}\n")
    template = {"template": "b.j2", "vars": {"name": "x"}}
    _, [(_, arguments, _)] = run(manifests=["a.yml", template, "on-the-host.yml"])
    texts = [one["text"] for one in arguments["manifests"][:2]]
    assert texts == ["kind: A\n", "kind: hello-x\n"]
    assert arguments["manifests"][2] == "on-the-host.yml"


def test_one_entry_needs_no_list(run, tmp_path):
    (tmp_path / "a.yml").write_text("kind: A\n")
    _, [(_, arguments, _)] = run(manifests="a.yml")
    assert arguments["manifests"] == [{"text": "kind: A\n", "source": str(tmp_path / "a.yml")}]


def test_a_mistake_fails_the_task_before_the_module(run):
    result, ran = run(manifests=[{"template": "absent.j2"}])
    assert result["failed"] and "there is no 'absent.j2'" in result["msg"] and ran == []


def test_the_cluster_is_asked_with_the_connection_of_the_task(run):
    helm = {"chart": "shop", "release": "web"}
    result, [(name, arguments, _)] = run(
        manifests=[{"helm": helm}], namespace="shop", context="lab", verify_ssl=False, wait="none"
    )
    assert name == "slipway.lab.release_info" and result["msg"] == "manifests[0].helm: no cluster"
    assert arguments == {"context": "lab", "verify_ssl": False, "name": "web", "namespace": "shop"}


@pytest.mark.parametrize(("state", "prune"), [("present", True), ("absent", None)])
def test_a_chart_has_the_set_of_its_release(run, monkeypatch, state, prune):
    monkeypatch.setattr(manifest_inputs.ManifestInputs, "_chart_of", _chart_of)
    helm = {"release": "web", "chart": "shop", "namespace": "shop"}
    _, [(_, arguments, _)] = run(manifests=[{"helm": helm}], state=state)
    assert (arguments["applyset"], arguments["namespace"]) == ("release.web", "shop")
    assert arguments.get("prune") is prune


def _chart_of(self, entry, where):
    self.chart = manifest_inputs.ChartEntry.parse(entry["helm"], where, self._task)
    return {"release": self.chart.release}
