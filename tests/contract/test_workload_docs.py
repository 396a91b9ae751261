"""The documentation of each module describes exactly its options."""

from __future__ import annotations

import json
import os
import runpy
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from ansible_collections.slipway.lab.plugins.module_utils.kube.auth import AUTH_OPTIONS
from support.module_runner import load

MODULES = (
    "cluster_info",
    "node",
    "workload",
    "workload_exec",
    "workload_info",
    "workload_logs",
    "workload_rollout",
    "workload_scale",
)

ROOT = Path(__file__).resolve().parents[2]
FRAGMENT = runpy.run_path(str(ROOT / "plugins/doc_fragments/kube_auth.py"))["ModuleDocFragment"]
AUTH_DOCUMENTATION = yaml.safe_load(FRAGMENT.DOCUMENTATION)["options"]


class Captured(Exception):
    """Carries the options that a module would start with."""


def spec_of(name, monkeypatch):
    module = load(name)

    def capture(options, **more):
        raise Captured(options)

    monkeypatch.setattr(module, "kube_module", capture)
    with pytest.raises(Captured) as caught:
        module.main()
    return {**AUTH_OPTIONS, **caught.value.args[0]}


def compare(spec, documented, where):
    assert sorted(spec) == sorted(documented), where
    for name, option in spec.items():
        doc, place = documented[name], f"{where}.{name}"
        assert doc["type"] == option.get("type", "str"), place
        for field in ("required", "choices", "default", "elements", "aliases"):
            assert doc.get(field) == option.get(field), f"{place} {field}"
        assert doc["description"], place
        if "options" in option:
            compare(option["options"], doc["suboptions"], place)
        else:
            assert "suboptions" not in doc, place


@pytest.mark.parametrize("name", MODULES)
def test_documentation_is_the_argument_spec(name, monkeypatch):
    documentation = yaml.safe_load(load(name).DOCUMENTATION)
    assert documentation["module"] == name
    assert documentation["extends_documentation_fragment"] == ["slipway.lab.kube_auth"]
    documented = {**AUTH_DOCUMENTATION, **documentation.get("options", {})}
    compare(spec_of(name, monkeypatch), documented, name)


@pytest.mark.parametrize("name", MODULES)
def test_examples_use_options_that_exist(name, monkeypatch):
    known = set(spec_of(name, monkeypatch)) | {
        alias for option in AUTH_OPTIONS.values() for alias in option.get("aliases", [])
    }
    tasks = [task for task in yaml.safe_load(load(name).EXAMPLES) if name in task]
    assert tasks
    for task in tasks:
        assert set(task[name]) <= known, task


@pytest.mark.parametrize("name", MODULES)
def test_every_returned_value_is_described(name):
    for key, value in yaml.safe_load(load(name).RETURN).items():
        assert value["description"] and value["returned"] and value["type"], key


def test_ansible_doc_shows_every_module():
    done = subprocess.run(
        [str(Path(sys.executable).parent / "ansible-doc"), "-t", "module", "--json", *MODULES],
        env={**os.environ, "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg")},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    shown = json.loads(done.stdout)
    assert set(shown) == set(MODULES)
    for name, parts in shown.items():
        assert parts["doc"]["short_description"] and parts["examples"], name
        assert set(AUTH_OPTIONS) <= set(parts["doc"]["options"]), name
        assert parts["return"] and parts["doc"]["attributes"]["check_mode"]["support"], name
