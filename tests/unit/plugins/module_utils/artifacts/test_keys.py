"""Tests of ``artifacts.keys``."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.artifacts.artifact import (
    Artifact,
    ArtifactError,
)
from ansible_collections.slipway.lab.plugins.module_utils.artifacts.keys import ArtifactKeys


def artifact(name, *command):
    return Artifact(name=name, output="x", command=list(command))


def test_a_key_contains_the_keys_of_earlier_artifacts():
    first, second = ArtifactKeys(), ArtifactKeys()
    keys = []
    for found, text in ((first, "1"), (second, "2")):
        found.key(artifact("go", "echo", text))
        keys.append(found.key(artifact("etcd", "{path:go}/bin/go", "build")))
    assert keys[0] != keys[1]
    assert all(len(key) == 16 for key in keys)
    assert first.known("etcd") == keys[0]


def test_a_key_is_computed_once_for_a_name():
    found = ArtifactKeys()
    assert found.key(artifact("a", "x")) == found.key(artifact("a", "x"))


def test_a_reference_must_name_an_earlier_artifact():
    with pytest.raises(ArtifactError, match="refers to go, which is not earlier in the list"):
        ArtifactKeys().key(artifact("etcd", "{path:go}/bin/go"))
