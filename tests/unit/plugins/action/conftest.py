"""A lesson in a temporary directory, and its action plugins without a play."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar, trust_as_template

from ansible_collections.slipway.lab.plugins.plugin_utils.lesson_record import Evidence

TEXT = """# Demo

An idea.

## `first` Deploy an app

The app serves.

- `sum` Two and two are four.
- `other` Another claim.
- plot `times` Durations.
- break `five` Two and two are five.
"""


def trusted(value):
    """Return arguments as a playbook gives them: their texts may be templates."""
    if isinstance(value, dict):
        return {key: trusted(one) for key, one in value.items()}
    if isinstance(value, list):
        return [trusted(one) for one in value]
    return trust_as_template(value) if isinstance(value, str) else value


@pytest.fixture
def variables(tmp_path):
    """The variables of a lesson."""
    return {
        "lesson_name": "demo", "lesson_lang": "en", "lesson_explain": False,
        "lesson_check_only": False, "lesson_break": "", "lesson_breaks": {"five": {}},
        "lesson_evidence_file": str(tmp_path / "demo.json"), "slipway_lab": "default",
        "lesson_work_dir": str(tmp_path / "work"), "playbook_dir": str(tmp_path / "demo"),
        "slipway_progress_file": str(tmp_path / "progress.jsonl"),
        "slipway_versions": {"kubernetes": "v1.35.1", "minikube": "v1.38.0"},
        "slipway_kubeconfig": str(tmp_path / "kubeconfig"), "lesson_namespace": "demo",
    }  # fmt: skip


@pytest.fixture
def evidence(tmp_path, variables):
    """Begin the lesson; read its evidence file with ``evidence()``."""
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo/en.md").write_text(TEXT)
    Evidence(tmp_path / "demo.json").begin("demo")
    return lambda: Evidence.load(tmp_path / "demo.json").data


@pytest.fixture
def run(variables, evidence, monkeypatch):
    """Run an action plugin with arguments; return its result."""
    monkeypatch.setattr("ansible.plugins.action.ActionBase.run", lambda *a: {})

    def run_action(plugin, **arguments):
        action = plugin.ActionModule.__new__(plugin.ActionModule)
        action._task = SimpleNamespace(
            args=trusted(arguments), action=plugin.__name__.split(".")[-1]
        )
        action._templar = Templar(DataLoader(), variables=variables)
        return action.run(task_vars=variables)

    return run_action
