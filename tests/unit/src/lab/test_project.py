"""Tests of ``slipway.lab.project``."""

import pytest

from slipway.errors import LabNameError
from slipway.lab.lab_name import lab_name
from slipway.lab.project import locate
from slipway.run.playbook_runner import playbook_command


def test_the_labs_name_comes_from_variables_then_inventories(tmp_path):
    folder = tmp_path / "group_vars/all"
    folder.mkdir(parents=True)
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared/lab.yml").write_text("slipway_lab: default\n")
    (folder / "common").symlink_to(tmp_path / "shared")
    inventories = [str(tmp_path)]
    assert lab_name(inventories, []) == "default"
    (folder / "own.yml").write_text("slipway_lab: own\n")
    assert lab_name(inventories, []) == "own"
    assert lab_name(inventories, ["slipway_lab=word x=1"]) == "word"
    assert lab_name(inventories, ['{"slipway_lab": "json"}']) == "json"
    (tmp_path / "vars.yml").write_text("slipway_lab: file\n")
    assert lab_name(inventories, [f"@{tmp_path}/vars.yml"]) == "file"
    with pytest.raises(LabNameError, match="is a template"):
        lab_name(inventories, ["slipway_lab={{ x }}"])
    assert lab_name([str(tmp_path / "none/hosts.yml")], []) == "default"


def test_paths_follow_the_environment(tmp_path):
    project = locate(
        (), (), {"HOME": "/h", "XDG_STATE_HOME": "/s", "SLIPWAY_PROJECT": str(tmp_path)}
    )
    assert str(project.cache) == "/h/.cache/slipway"
    assert str(project.state) == "/s/slipway/default"
    assert playbook_command(project, "site", ["--check"]) == [
        "ansible-playbook", "-i", "inventories/lab", "--check", "playbooks/site.yml",
    ]  # fmt: skip


def test_inventories_of_the_environment_count_as_for_ansible():
    assert locate((), (), {"HOME": "/h", "ANSIBLE_INVENTORY": "a,b"}).inventories == ("a", "b")
    assert locate(("c",), (), {"HOME": "/h", "ANSIBLE_INVENTORY": "a"}).inventories == ("c",)
