"""Arguments, the lab's name, completion, test layers."""

import subprocess

import pytest

from slipway.cli import main
from slipway.commands.options import service_vars
from slipway.commands.playbook_options import ansible_arguments
from slipway.completion import source
from slipway.errors import LabNameError
from slipway.lab.lab_name import lab_name
from slipway.lab.project import locate
from slipway.run.playbook_runner import environment, playbook_command
from slipway.testing.layers import LAYERS, Layer, choose
from slipway.testing.runner import Tally, closing_line, run_layers

GIVEN = {
    "extra_vars": (),
    "limit": None,
    "start_at_task": None,
    "tags": (),
    "skip_tags": (),
    "check": False,
    "diff": False,
    "verbose": 0,
    "ansible_args": (),
}


def test_arguments_keep_ansibles_names(tmp_path):
    (tmp_path / "vars.yml").touch()
    given = {
        **GIVEN,
        "extra_vars": ("a=b c=d", f"@{tmp_path}/vars.yml"),
        "limit": "lab1",
        "tags": ("a", "b,c"),
        "check": True,
        "diff": True,
        "verbose": 2,
        "ansible_args": ("--forks", "3"),
    }
    assert ansible_arguments(given["extra_vars"], given) == [
        "-e", "a=b c=d", "-e", f"@{tmp_path}/vars.yml", "--limit", "lab1",
        "--tags", "a,b,c", "--check", "--diff", "-vv", "--forks", "3",
    ]  # fmt: skip


def test_with_is_short_for_a_variable():
    assert service_vars(None) == ()
    assert service_vars("registry, logging") == ('{"slipway_services": ["registry", "logging"]}',)


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


def test_host_keys_are_checked_unless_the_user_says_otherwise(monkeypatch):
    project = locate()
    monkeypatch.delenv("ANSIBLE_HOST_KEY_CHECKING", raising=False)
    assert environment(project, "r")["ANSIBLE_HOST_KEY_CHECKING"] == "True"
    monkeypatch.setenv("ANSIBLE_HOST_KEY_CHECKING", "False")
    assert environment(project, "r")["ANSIBLE_HOST_KEY_CHECKING"] == "False"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_calls_the_launcher_by_its_path(shell):
    script = source(shell, main, "/opt/my lab/slipway")
    assert "'/opt/my lab/slipway'" in script
    assert "$+commands[slipway]" not in script


def test_bash_completes_for_a_path(tmp_path):
    launcher = tmp_path / "slipway"
    launcher.write_text('#!/bin/sh\nprintf "plain,%s\\n" "$COMP_CWORD"\n')
    launcher.chmod(0o755)
    script = source("bash", main, str(launcher))
    ask = 'COMP_WORDS=(./slipway ""); COMP_CWORD=1; _slipway_completion; echo "${COMPREPLY[@]}"'
    done = subprocess.run(["bash", "-c", f"{script}\n{ask}"], capture_output=True, text=True)
    assert done.stdout == "1\n", done.stderr


def test_levels_of_tests_contain_each_other():
    names = {
        level: [one.name for one in choose(level, [])] for level in ("fast", "default", "full")
    }
    assert {"unit", "contract"} <= set(names["fast"]) < set(names["default"]) < set(names["full"])
    assert [one.name for one in choose("fast", ["roles"])] == ["roles"]
    assert len({layer.name for layer in LAYERS}) == len(LAYERS)


def test_one_failed_layer_fails_the_run(tmp_path, monkeypatch, capfd):
    (tmp_path / "good").mkdir()
    (tmp_path / "bad").mkdir()
    (tmp_path / "none").mkdir()
    (tmp_path / "good/test_good.py").write_text(
        "import pytest\ndef test_a(): pass\ndef test_b(): pytest.skip('no')\n"
    )
    (tmp_path / "bad/test_bad.py").write_text("def test_c(): assert 0\ndef test_d(): pass\n")
    every = frozenset({"fast"})
    layers = tuple(Layer(name, name, name, every) for name in ("good", "bad", "none"))
    monkeypatch.setattr("slipway.testing.layers.LAYERS", layers)

    def run(*names):
        cache, junit = tmp_path / "cache", tmp_path / "junit"
        return run_layers(tmp_path, cache, "fast", names, junit, False, ())

    assert run("good") == 0
    assert "===== 1 passed, 1 skipped in" in capfd.readouterr().out
    assert run() == 1
    assert "===== 2 failed, 2 passed, 1 skipped in" in capfd.readouterr().out
    assert (tmp_path / "junit/bad.xml").exists()
    assert run("none") == 1
    assert "no test was run" in capfd.readouterr().out


def test_a_layer_that_died_counts_as_failed():
    tally = Tally(LAYERS[0], code=1, failed=1)
    assert closing_line([tally], 1.5) == "===== 1 failed in 1.50s ====="
