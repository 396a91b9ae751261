"""Tests of ``oci.image``."""

from __future__ import annotations

import json

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.oci.image import (
    BaseImage,
    blob_digest,
    compose,
    go_architecture,
    merge_config,
)


def test_the_same_input_gives_the_same_digest():
    one, other = (compose([b"layer"], {"Cmd": ["x"]}, "amd64") for _ in range(2))
    assert one.digest == other.digest
    assert one.digest != compose([b"layer"], {"Cmd": ["y"]}, "amd64").digest
    assert one.digest != compose([b"layer"], {"Cmd": ["x"]}, "arm64").digest


def test_layers_of_the_base_come_first():
    base = BaseImage("base:1", [{"digest": "sha256:base", "size": 1}], ["sha256:raw"], {})
    image = compose([b"layer"], {}, "amd64", base)
    assert [one["digest"] for one in json.loads(image.manifest)["layers"]] == [
        "sha256:base",
        blob_digest(b"layer"),
    ]
    assert json.loads(image.config)["rootfs"]["diff_ids"] == ["sha256:raw", blob_digest(b"layer")]
    assert image.summary()["layers"][0] == "sha256:base"


@pytest.mark.parametrize(
    ("base", "own", "merged"),
    [
        ({"Env": ["A=1", "B=1"]}, {"Env": ["B=2"]}, {"Env": ["A=1", "B=2"]}),
        ({"Labels": {"a": "1"}}, {"Labels": {"b": "2"}}, {"Labels": {"a": "1", "b": "2"}}),
        ({"Cmd": ["x"]}, {"Entrypoint": ["y"]}, {"Entrypoint": ["y"]}),
        ({"Entrypoint": ["x"]}, {"Cmd": ["y"]}, {"Cmd": ["y"], "Entrypoint": ["x"]}),
    ],
)
def test_settings_are_merged_as_a_containerfile_does(base, own, merged):
    assert merge_config(base, own) == merged


def test_architectures_have_the_words_of_go():
    assert [go_architecture(one) for one in ("x86_64", "aarch64", "riscv64")] == [
        "amd64", "arm64", "riscv64",
    ]  # fmt: skip
