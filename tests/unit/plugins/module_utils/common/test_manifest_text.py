"""Strings are YAML text, or names of files."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.common.manifest_text import (
    applyset_of,
    is_text,
)


@pytest.mark.parametrize("given", ["kind: A", "{kind: A}", "a\nb", "kind: A\n", " a: 1 "])
def test_text(given):
    assert is_text(given)


@pytest.mark.parametrize("given", ["a.yml", "dir", "*.yaml", "c:d.YAML", " x.json "])
def test_names(given):
    assert not is_text(given)


def test_the_set_of_a_release_has_another_name_than_its_objects():
    assert applyset_of("shop") == "release.shop"
