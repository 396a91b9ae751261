"""Tests of ``minikube.engine_images``, with a stand-in for the engine's program."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.minikube.engine import Engine, EngineError
from ansible_collections.slipway.lab.plugins.module_utils.minikube.engine_images import ensure_image

DIGEST = f"sha256:{'a' * 64}"
DOCKER = """#!/bin/sh
echo "$*" >>"$0.calls"
case "$1" in
image) [ -e "$0.digests" ] && cat "$0.digests" ;;
pull) case "$2" in missing*) echo "manifest unknown"; exit 1 ;; esac ;;
esac
"""


@pytest.fixture
def engine(tmp_path):
    (tmp_path / "docker").write_text(DOCKER)
    (tmp_path / "docker").chmod(0o755)
    return Engine(str(tmp_path / "docker"))


def changes(engine):
    """Return the commands besides the look at the image."""
    with open(f"{engine.binary}.calls") as calls:
        return [line.strip() for line in calls if not line.startswith("image")]


def have(engine, digest):
    with open(f"{engine.binary}.digests", "w") as digests:
        digests.write(f"[mirror:5081/node@{digest}]\n")


def test_an_image_that_is_there_is_not_pulled(engine):
    have(engine, DIGEST)
    ensure_image(engine, "mirror:5081/node:1", print)
    ensure_image(engine, f"mirror:5081/node:1@{DIGEST}", print)
    assert changes(engine) == []


def test_an_image_with_another_digest_is_replaced_by_the_declared_one(engine):
    have(engine, f"sha256:{'b' * 64}")
    reference = f"mirror:5081/node:1@{DIGEST}"
    ensure_image(engine, reference, print)
    assert changes(engine) == [f"pull {reference}", f"tag {reference} mirror:5081/node:1"]


def test_a_missing_image_is_pulled_by_its_tag(engine):
    ensure_image(engine, "node:1", print)
    assert changes(engine) == ["pull node:1"]


def test_an_image_that_cannot_be_pulled_is_explained(engine):
    with pytest.raises(EngineError, match="missing:1 cannot be pulled: manifest unknown"):
        ensure_image(engine, "missing:1", print)
