"""Tests of the action plugin ``node_images``."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from ansible_collections.slipway.lab.plugins.action import node_images
from support.image_nodes import config_id, docker_archive

CONTENTS = {"docker.io/shop/web:v1": config_id({"x": 1})}


@pytest.fixture
def action(tmp_path, monkeypatch):
    """The plugin without a host: ``calls`` records modules and copies, ``needed`` whether a node needs the archive."""
    monkeypatch.setattr("ansible.plugins.action.ActionBase.run", lambda *a: {})
    docker_archive(tmp_path / "web.tar", {"shop/web:v1": {"x": 1}})
    it = node_images.ActionModule.__new__(node_images.ActionModule)
    it.calls, it.needed = [], True

    def module(module_args, task_vars):
        it.calls.append(("module", it._task.check_mode, module_args))
        return {"changed": it.needed}

    it._execute_module = module
    it._find_needle = lambda folder, path: path
    it._make_tmp_path = lambda: "/tmp/x"
    it._transfer_file = lambda source, target: it.calls.append(("copy", source, target)) or target
    it._fixup_perms2 = lambda paths: None
    it._remove_tmp_path = lambda path: it.calls.append(("remove", path))
    it._low_level_execute_command = lambda command: {"stdout": "x86_64\n"}
    it._connection = SimpleNamespace(
        _shell=SimpleNamespace(join_path=lambda *parts: "/".join(parts))
    )

    def run(check=False, facts=None, **arguments):
        it._task = SimpleNamespace(
            args={"archive": str(tmp_path / "web.tar"), **arguments}, check_mode=check
        )
        return it.run(task_vars={"ansible_facts": facts or {}})

    it.go = run
    return it


def test_the_archive_is_copied_for_a_node_that_needs_it(action, tmp_path):
    assert action.go()["changed"]
    first, copy, second, last = action.calls
    assert first[1] is True and first[2]["contents"] == CONTENTS
    assert copy == ("copy", str(tmp_path / "web.tar"), "/tmp/x/web.tar")
    assert second[1] is False and second[2]["archive"] == "/tmp/x/web.tar"
    assert last == ("remove", "/tmp/x")


@pytest.mark.parametrize(("check", "needed"), [(True, True), (False, False)])
def test_nothing_is_copied_without_need(action, check, needed):
    action.needed = needed
    assert action.go(check=check)["changed"] is needed
    assert [one[0] for one in action.calls] == ["module"]


@pytest.mark.parametrize(
    "arguments", [{"remote_src": True}, {"remote_src": "yes"}, {"state": "absent"}]
)
def test_an_archive_of_the_host_is_left_to_the_module(action, arguments):
    action.go(**arguments)
    assert len(action.calls) == 1 and "contents" not in action.calls[0][2]


def test_a_wrong_archive_ends_the_task_before_the_host_is_asked(action):
    done = action.go(facts={"architecture": "aarch64"})
    assert done["failed"] and "is for amd64, and the nodes are arm64" in done["msg"]
    assert action.calls == []
