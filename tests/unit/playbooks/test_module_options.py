"""Roles and playbooks give the modules of the collection options and values that these have."""

import importlib
import re
from functools import cache
from pathlib import Path

import yaml

from support.playbook_tasks import tasks_of

ROOT = Path(__file__).resolve().parents[3]
COLLECTION = "slipway.lab."


def documentation(kind, name):
    module = importlib.import_module(f"ansible_collections.slipway.lab.plugins.{kind}.{name}")
    return yaml.safe_load(getattr(module, "ModuleDocFragment", module).DOCUMENTATION)


@cache
def options_of(name):
    """Return the options of a module, with those of its shared parts."""
    doc = documentation("modules", name)
    found = dict(doc.get("options") or {})
    for fragment in doc.get("extends_documentation_fragment", []):
        if fragment.startswith(COLLECTION):
            shared = documentation("doc_fragments", fragment.removeprefix(COLLECTION))
            found |= shared.get("options") or {}
    aliases = {alias: one for one in found.values() for alias in one.get("aliases", [])}
    return {**aliases, **found}


def problems(name, given):
    """Yield what a module would refuse of the options of a task."""
    options = options_of(name)
    for option, value in given.items():
        if option not in options:
            yield f"{name}: unknown option {option}"
            continue
        choices = options[option].get("choices")
        for one in value if isinstance(value, list) else [value]:
            if choices and "{{" not in str(one) and one not in choices:
                yield f"{name}: {option}: {one}"


def test_options_of_tasks_exist_and_have_their_choices():
    checked, found = set(), []
    for path in [one for part in ("roles", "playbooks") for one in (ROOT / part).rglob("*.yml")]:
        for document in yaml.safe_load_all(path.read_text()):
            for task in tasks_of(document):
                calls = {**task, **(task.get("module_defaults") or {})}
                for key, given in calls.items():
                    name = re.fullmatch(r"slipway\.lab\.(\w+)", str(key))
                    if name and isinstance(given, dict):
                        checked.add(name[1])
                        found += [f"{path.name}: {one}" for one in problems(name[1], given)]
    assert {"workload", "objects_info", "host_files"} <= checked
    assert found == []


def test_a_value_that_a_module_does_not_have_is_found():
    assert list(problems("workload", {"wait": "rollout"})) == ["workload: wait: rollout"]
    assert list(problems("workload", {"waits": "serving"})) == ["workload: unknown option waits"]
    assert list(problems("workload", {"wait": "{{ any }}"})) == []
