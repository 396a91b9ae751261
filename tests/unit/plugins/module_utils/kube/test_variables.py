"""Tests of ``kube.variables``."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.variables import (
    drop_repeated_entries,
    drop_repeated_variables,
)


def values(*pairs):
    return [{"name": name, "value": value} for name, value in pairs]


@pytest.mark.parametrize(
    "wrap",
    [
        lambda pod: {"kind": "Pod", "spec": pod},
        lambda pod: {"kind": "Deployment", "spec": {"template": {"spec": pod}}},
        lambda pod: {
            "kind": "CronJob",
            "spec": {"jobTemplate": {"spec": {"template": {"spec": pod}}}},
        },
    ],
)
def test_the_last_value_of_a_variable_is_kept(wrap):
    web = {"name": "web", "env": values(("A", "1"), ("B", "2"), ("A", "3"))}
    first = {"name": "first", "env": values(("A", "1"))}
    obj = wrap({"containers": [web], "initContainers": [first]})
    assert drop_repeated_variables(obj) == ["variable A of the container web is given twice"]
    assert web["env"] == values(("B", "2"), ("A", "3")) and first["env"] == values(("A", "1"))


@pytest.mark.parametrize(
    "spec", [None, {}, [], "x", {"template": "x"}, {"containers": [{"env": "x"}, 1]}]
)
def test_other_objects_stay(spec):
    assert drop_repeated_variables({"kind": "Any", "spec": spec}) == []


def test_entries_with_one_key_become_one():
    secrets = [{"name": "a"}, {"name": "b"}, {"name": "a"}]
    aliases = [
        {"ip": "10.0.0.1", "hostnames": ["a", "b"]},
        {"ip": "10.0.0.1", "hostnames": ["b", "c"]},
    ]
    pod = {"containers": [], "imagePullSecrets": secrets, "hostAliases": aliases}
    assert drop_repeated_entries({"kind": "Pod", "spec": pod}) == [
        "imagePullSecrets a is given twice",
        "hostAliases 10.0.0.1 is given twice",
    ]
    assert pod["imagePullSecrets"] == secrets[:2]
    assert pod["hostAliases"] == [{"ip": "10.0.0.1", "hostnames": ["a", "b", "c"]}]
    assert drop_repeated_entries({"kind": "Pod", "spec": pod}) == []


@pytest.mark.parametrize("entries", ["x", [1], [{}, {}], [{"name": ["a"]}]])
def test_entries_that_are_none_stay(entries):
    pod = {"containers": [], "imagePullSecrets": entries, "hostAliases": entries}
    assert drop_repeated_entries({"kind": "Pod", "spec": pod}) == []
