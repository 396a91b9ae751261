from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.validation import ValidationErrors
from ansible_collections.slipway.lab.plugins.module_utils.workload.parse.volumes import (
    check_data,
    own_mounts,
)
from support.apps import app_mistakes


def test_data_is_text_under_a_valid_key():
    errors = ValidationErrors()
    check_data({"a.conf": "x", "n": 1}, errors, "config")
    assert errors.found == []
    check_data({"a/b": "x", "c": {}}, errors, "config")
    assert "'a/b' is not a valid key" in errors.found[0]
    assert "to_json" in errors.found[1]


@pytest.mark.parametrize(
    ("options", "mistake"),
    [
        ({"config_mount": "etc"}, "web.config_mount: 'etc' is not an absolute path"),
        ({"config_mount": "/d", "volumes": [("e", "/d")]}, "web.volumes[0].mount: /d is mounted twice"),
        ({"config_mount": "/c", "volumes": [("config", "/d")]}, "volume config is given twice"),
        ({"volumes": [("d", "/d"), ("d", "/e")]}, "web.volumes[1].name: volume d is given twice"),
        ({"volumes": [("d", "d")]}, "web.volumes[0].mount: 'd' is not an absolute path"),
    ],
)  # fmt: skip
def test_mistakes_in_volumes(options, mistake):
    volumes = [
        {"name": name, "mount": mount, "empty_dir": True}
        for name, mount in options.pop("volumes", [])
    ]
    assert any(mistake in found for found in app_mistakes(**options, volumes=volumes))


EMPTY = {"name": "tmp", "empty_dir": True}


def test_a_volume_is_mounted_by_some_container():
    mistake = "web.volumes[0]: is mounted nowhere; give mount, or name it in mounts of a container"
    assert app_mistakes(volumes=[EMPTY]) == [mistake]
    mounts = [{"volume": "tmp", "path": "/tmp"}]
    helper = {"name": "helper", "mounts": mounts}
    assert app_mistakes(volumes=[EMPTY], containers=[helper]) == []
    assert app_mistakes(volumes=[EMPTY], init_containers=[helper]) == []


def test_mistakes_in_mounts_of_additional_containers():
    mounts = [
        {"volume": "tmp", "path": "/a"},
        {"volume": "tmp", "path": "/a"},
        {"volume": "config", "path": "b"},
    ]
    found = app_mistakes(volumes=[EMPTY], containers=[{"name": "helper", "mounts": mounts}])
    place = "web.containers[0].mounts"
    assert found == [
        f"{place}[1].path: /a is mounted twice",
        f"{place}[2].volume: 'config' is not a volume of this application",
        f"{place}[2].path: 'b' is not an absolute path",
    ]


def test_data_of_the_application_is_a_volume_for_other_containers():
    helper = {"name": "helper", "mounts": [{"volume": "config", "path": "/etc/web"}]}
    assert app_mistakes(config={"a": 1}, containers=[helper]) == []
    named = [{"name": "config", "mount": "/x", "empty_dir": True}]
    assert app_mistakes(config={"a": 1}, containers=[helper], volumes=named) == [
        "web.volumes[0].name: volume config is given twice"
    ]


def test_own_mounts_are_those_of_data_and_volumes():
    given = {
        "secrets": {"a": "b"},
        "secrets_mount": "/secrets",
        "config_mount": "/unused",
        "volumes": [{"name": "data", "mount": "/data", "sub_path": "x"}, EMPTY],
    }
    mounts = own_mounts(given)
    assert [(one["volume"], one["path"]) for one in mounts] == [("secrets", "/secrets"), ("data", "/data")]  # fmt: skip
    assert mounts[0]["read_only"] and mounts[1]["sub_path"] == "x"
