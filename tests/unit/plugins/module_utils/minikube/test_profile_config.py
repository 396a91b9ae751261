"""Tests of ``minikube.profile_config``."""

from __future__ import annotations

import json

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.minikube.profile_config import (
    find_config,
    read_config,
    write_config,
)

GOOD = {"Driver": "docker", "Nodes": [{"Name": ""}]}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "config.json"


def test_a_missing_configuration_is_no_problem(path):
    assert find_config(path) == ({}, "")


@pytest.mark.parametrize(
    ("content", "problem"), [("{", "config.json: "), ("{}", "has no driver or no nodes")]
)
def test_a_damaged_configuration_is_a_problem(path, content, problem):
    path.write_text(content)
    config, text = find_config(path)
    assert config == {}
    assert problem in text


def test_a_spare_file_replaces_a_damaged_one(path):
    path.write_text("{")
    path.with_name("config.json.tmp1").write_text(json.dumps(GOOD))
    assert find_config(path) == (GOOD, "only config.json.tmp1 is left of config.json")


def test_a_configuration_is_replaced_privately(path):
    write_config(path, GOOD)
    assert read_config(path) == GOOD
    assert path.stat().st_mode & 0o777 == 0o600
    assert [entry.name for entry in path.parent.iterdir()] == ["config.json"]
