"""The module lab_network on a made-up engine and a made-up docker."""

import json
import os

import pytest

from support.engine_fake import engine
from support.module_runner import run_module

EMPTY = {"/containers/json": [], "/networks": [], "/volumes": {}}


@pytest.fixture
def options(tmp_path, monkeypatch):
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/s")
    (tmp_path / "docker").write_text(f'#!/bin/sh\necho "$@" >>{tmp_path}/asked\n')
    (tmp_path / "docker").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    with engine(tmp_path / "s", EMPTY):
        yield {"name": "one", "path": str(tmp_path / "network.json"), "labels": {"slipway": "one"}}


def test_a_new_lab_gets_a_network_once(options, tmp_path):
    predicted = run_module("lab_network", check=True, diff=True, **options)
    assert predicted["changed"] and not (tmp_path / "network.json").exists()
    assert not (tmp_path / "asked").exists()
    first = run_module("lab_network", **options)
    assert first["changed"] and first["subnet"] == predicted["subnet"]
    assert predicted["diff"] == {"before": {"subnet": ""}, "after": {"subnet": first["subnet"]}}
    assert json.loads((tmp_path / "network.json").read_text()) == {"subnet": first["subnet"]}
    again = run_module("lab_network", **options)
    assert (again["changed"], again["subnet"]) == (False, first["subnet"])
    assert len((tmp_path / "asked").read_text().splitlines()) == 1
