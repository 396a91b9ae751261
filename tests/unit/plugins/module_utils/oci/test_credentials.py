"""Tests of ``oci.credentials``."""

from __future__ import annotations

import base64
import json

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.oci.credentials import find_credentials

HOST = "registry.example:5000"
KNOWN = {"auths": {HOST: {"auth": base64.b64encode(b"me:s3cret").decode()}}}


@pytest.fixture
def configure(tmp_path, monkeypatch):
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    return lambda config: (tmp_path / "config.json").write_text(json.dumps(config))


def test_login_of_the_host(configure):
    configure(KNOWN)
    assert find_credentials(HOST) == "me:s3cret"
    assert find_credentials("other.example") == ""


@pytest.mark.parametrize("config", [{}, {"auths": None}, {"auths": {HOST: {"auth": "%"}}}])
def test_no_login(configure, config):
    configure(config)
    assert find_credentials(HOST) == ""


def test_no_configuration(tmp_path, monkeypatch):
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path / "none"))
    assert find_credentials(HOST) == ""


@pytest.mark.parametrize("config", [{"credHelpers": {HOST: "x"}}, {"credsStore": "x"}])
def test_helper_is_asked(configure, config, tmp_path, monkeypatch):
    helper = tmp_path / "docker-credential-x"
    helper.write_text(
        f"#!/bin/sh\nread host\n[ \"$1 $host\" = 'get {HOST}' ] || exit 1\n"
        """echo '{"Username": "u", "Secret": "p"}'\n"""
    )
    helper.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    configure(config)
    assert find_credentials(HOST) == "u:p"


def test_helper_without_an_entry_leaves_the_file(configure):
    configure({**KNOWN, "credsStore": "missing"})
    assert find_credentials(HOST) == "me:s3cret"
