"""Tests of requests to the Docker daemon."""

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.common.docker_socket import (
    SocketErrors,
    read_docker,
)
from support.engine_fake import engine


def test_the_daemon_answers_over_its_socket(tmp_path):
    with engine(tmp_path / "s", {"/version": {"Version": "28"}}) as asked:
        assert read_docker(str(tmp_path / "s"), "/version?x=1") == {"Version": "28"}
    assert asked == ["/version?x=1"]


def test_a_daemon_that_is_gone_is_an_error_that_can_be_caught(tmp_path):
    with pytest.raises(SocketErrors):
        read_docker(str(tmp_path / "none"), "/version")
