"""Tests of ``plugin_utils.node_evidence``."""

import pytest

from ansible_collections.slipway.lab.plugins.plugin_utils.node_evidence import (
    EvidenceError,
    parse_arguments,
    parse_evidence,
)
from support.node_look import node_look


def test_processes_files_and_settings_are_read():
    node = parse_evidence(node_look(files={"/a b": "1750 7:8"}))
    assert node.processes["etcd"][0].arguments["client-cert-auth"] == "true"
    assert node.files["/a b"] == (0o1750, "7:8")
    assert node.configs["/var/lib/kubelet/config.yaml"]["authorization"] == {"mode": "Webhook"}
    assert node.is_control_plane
    assert not parse_evidence(node_look(worker=True)).is_control_plane


def test_two_processes_of_a_program_are_kept_apart():
    text = "process etcd 0\nargument --a=1\nprocess etcd 7\nargument --a=2\nend"
    assert [(one.uid, one.arguments) for one in parse_evidence(text).processes["etcd"]] == [
        ("0", {"a": "1"}),
        ("7", {"a": "2"}),
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "did not end"),
        ("process etcd 0\n", "did not end"),
        ("what\nend\n", "unknown line: what"),
        ("config /c\nline a: [\nend\n", "/c is not valid YAML"),
        ("config /c\nend\n", "/c has no settings"),
    ],
)
def test_an_incomplete_look_is_an_error(text, reason):
    with pytest.raises(EvidenceError, match=reason):
        parse_evidence(text)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["--a=1", "--a=2"], {"a": "2"}),
        (["--a", "1", "-b=x=y"], {"a": "1", "b": "x=y"}),
        (["--a", "--b"], {"a": "true", "b": "true"}),
        # Go takes this as true, followed by a word without a meaning.
        (["--profiling", "false"], {"profiling": "true"}),
        (["run", "--a=", "1"], {"a": ""}),
    ],
)
def test_arguments_are_read_like_go_does(words, found):
    assert parse_arguments(words) == found
