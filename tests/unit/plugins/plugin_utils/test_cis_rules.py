"""Tests of ``plugin_utils.cis_rules``."""

import pytest

from ansible_collections.slipway.lab.plugins.plugin_utils.cis_rules import (
    FAIL,
    NOT_APPLICABLE,
    PASS,
    UNKNOWN,
    ArgumentRule,
    FileRule,
    KubeletRule,
    NamedFileRule,
)
from ansible_collections.slipway.lab.plugins.plugin_utils.node_evidence import parse_evidence

MANIFEST = "file 600 0:0 /etc/kubernetes/manifests/kube-apiserver.yaml"


def states(rule, *lines):
    return [verdict.state for verdict in rule.judge(parse_evidence("\n".join([*lines, "end"])))]


def argument(program="kube-apiserver", option="profiling"):
    return ArgumentRule(
        number="1", title="t", program=program, option=option, suits=lambda value: value == "false"
    )


@pytest.mark.parametrize(
    ("lines", "state"),
    [
        (["process kube-apiserver 0", "argument --profiling=false"], PASS),
        (["process kube-apiserver 0", "argument --profiling", "argument false"], FAIL),
        (["process kube-apiserver 0"], FAIL),
        ([MANIFEST], UNKNOWN),
        ([], NOT_APPLICABLE),
    ],
)
def test_an_argument_is_judged_where_the_program_should_run(lines, state):
    assert states(argument(), *lines) == [state]


@pytest.mark.parametrize(
    ("program", "option", "source"),
    [
        ("kube-apiserver", "authorization-mode", "authorization-config"),
        ("kube-apiserver", "anonymous-auth", "authentication-config"),
        ("kube-scheduler", "profiling", "config"),
        ("etcd", "client-cert-auth", "config-file"),
    ],
)
def test_an_argument_that_a_file_replaces_is_unknown(program, option, source):
    given = [f"process {program} 0", f"argument --{option}=false", f"argument --{source}=/x"]
    assert states(argument(program, option), *given) == [UNKNOWN]


KUBELET = KubeletRule(
    number="1", title="t", option="anonymous-auth", path=("authentication", "anonymous", "enabled"),
    default=False, bare=True, suits=lambda value: str(value).lower() == "false",
)  # fmt: skip
OPEN = ["config /c", "line authentication: {anonymous: {enabled: true}}"]


@pytest.mark.parametrize(
    ("lines", "state"),
    [
        (["argument --config=/c", "config /c", "line kind: x"], PASS),
        (["argument --config=/c", *OPEN], FAIL),
        (["argument --config=/c", "argument --anonymous-auth=false", *OPEN], PASS),
        (
            ["argument --config=/c", "config /c", "line kind: x", "config /d/1.conf", *OPEN[1:]],
            FAIL,
        ),
        (["argument --config=/c", *OPEN, "config /d/1.conf", "line kind: x"], FAIL),
        (["argument --config=/missing"], UNKNOWN),
        ([], FAIL),
    ],
)
def test_a_setting_of_the_kubelet_has_an_order_of_sources(lines, state):
    assert states(KUBELET, "process kubelet 0", *lines) == [state]


def test_a_node_without_a_kubelet_is_unknown():
    assert states(KUBELET) == [UNKNOWN]


def test_modes_and_owners_of_files_are_judged():
    rule = FileRule(number="1", title="t", patterns=("/p/*.key",), mode=0o600)
    assert states(rule) == [NOT_APPLICABLE]
    assert states(rule, "file 400 0:0 /p/a/b.key") == [PASS]
    assert states(
        rule, "file 640 0:0 /p/a.key", "file 600 5:0 /p/b.key", "file 777 0:0 /p/b.crt"
    ) == [
        FAIL,
        FAIL,
    ]
    assert states(rule, "file 4600 0:0 /p/a.key") == [FAIL]


def test_needed_files_of_a_control_plane_are_unknown_if_missing():
    rule = FileRule(number="1", title="t", patterns=("/p/*.key",), mode=0o600, needed=True)
    assert states(rule) == [NOT_APPLICABLE]
    assert states(rule, MANIFEST) == [UNKNOWN]


@pytest.mark.parametrize(
    ("lines", "state"),
    [
        (["argument --data-dir=/d", "file 700 5:5 /d"], PASS),
        (["argument --data-dir=/d", "file 750 5:5 /d"], FAIL),
        (["argument --data-dir=/d", "file 700 0:0 /d"], FAIL),
        (["argument --data-dir=/d"], UNKNOWN),
        ([], UNKNOWN),
    ],
)
def test_a_directory_that_an_argument_names_belongs_to_its_program(lines, state):
    rule = NamedFileRule(number="1", title="t", program="etcd", option="data-dir", mode=0o700)
    assert states(rule, "process etcd 5", *lines) == [state]


def test_a_program_that_should_run_makes_its_files_unknown():
    etcd = NamedFileRule(number="1", title="t", program="etcd", option="data-dir", mode=0o700)
    kubelet = NamedFileRule(number="1", title="t", program="kubelet", option="config", mode=0o600)
    assert (states(etcd), states(etcd, MANIFEST)) == ([NOT_APPLICABLE], [UNKNOWN])
    assert states(kubelet) == [UNKNOWN]
