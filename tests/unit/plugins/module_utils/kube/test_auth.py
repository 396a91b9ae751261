"""Tests of ``kube.auth``."""

from __future__ import annotations

import pytest
import urllib3

from ansible_collections.slipway.lab.plugins.module_utils.kube.auth import connect, impersonation
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import ConfigError


def test_options_name_whom_to_impersonate():
    connection = connect({"host": "https://api"})
    assert impersonation({}, connection) == []
    options = {"impersonate_user": "jo", "impersonate_groups": ["a", "b"]}
    assert impersonation(options, connection) == [
        ("Impersonate-User", "jo"),
        ("Impersonate-Group", "a"),
        ("Impersonate-Group", "b"),
    ]


def test_options_are_used_instead_of_the_kubeconfig():
    connection = connect({"host": "https://api"})._replace(
        impersonation=[("Impersonate-User", "x")]
    )
    assert impersonation({}, connection) == [("Impersonate-User", "x")]
    assert impersonation({"impersonate_user": "jo"}, connection) == [("Impersonate-User", "jo")]


def test_a_name_with_a_line_break_is_refused():
    with pytest.raises(ConfigError, match="has a line break"):
        impersonation({"impersonate_user": "jo\nx"}, connect({"host": "https://api"}))


def test_what_is_broken_is_explained_by_the_official_client(tmp_path):
    with pytest.raises(ConfigError, match="does not exist"):
        connect({"kubeconfig": str(tmp_path / "none")})
    with pytest.raises(ConfigError, match="is not a valid URL"):
        connect({"host": "api:6443"})


@pytest.mark.parametrize(
    ("version", "is_old"),
    [("1.26.20", True), ("2.2.3", True), ("2.3.0", False), ("3.0.dev1", False)],
)
def test_a_library_that_is_too_old_is_named_with_the_next_step(monkeypatch, version, is_old):
    monkeypatch.setattr(urllib3, "__version__", version)
    if is_old:
        with pytest.raises(
            ConfigError, match=f"urllib3 {version} is too old: 2.3 is .* pip install"
        ):
            connect({"host": "https://api"})
    else:
        assert connect({"host": "https://api"})
