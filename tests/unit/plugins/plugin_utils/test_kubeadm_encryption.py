"""The steps to another encryption of objects in etcd, from what the API servers have."""

import base64
import itertools

import pytest
import yaml

from ansible_collections.slipway.lab.plugins.plugin_utils.kubeadm_encryption import (
    DIRECTORY,
    encryption_plan,
    encryption_problems,
)

HOSTS = ("cp1", "cp2", "cp3")
NO_KEY = ("id",)


def configuration(resources):
    """Return a file of the role: names of keys by resource."""
    providers = {
        one: [{"identity": {}} if key == "id" else
              {"secretbox": {"keys": [{"name": key, "secret": f"secret-{key}"}]}} for key in keys]
        for one, keys in resources.items()
    }  # fmt: skip
    entries = [{"resources": [one], "providers": keys} for one, keys in providers.items()]
    return yaml.safe_dump({"resources": entries})


def look(resources=None):
    """Return the output of the script for an API server with these keys, without a file for None."""
    if not resources:
        return ["key=NEW", "path="]
    text = base64.b64encode(configuration(resources).encode()).decode()
    return ["key=NEW", f"path={DIRECTORY}/encryption-{len(text)}.yaml", f"configuration={text}"]


def planned(resources, key, looks, leaving=()):
    found = encryption_plan(
        looks,
        {"resources": resources, "key": key, "control_planes": HOSTS, "leaving": list(leaving)},
    )
    for step in found["steps"]:
        text = found["files"].get(step["path"], "")
        step["keys"] = keys(text)
    return found


def keys(text):
    """Return the names of the keys by resource in a file."""
    return {
        resource: tuple(
            one["secretbox"]["keys"][0]["name"] if "secretbox" in one else "id"
            for one in entry["providers"]
        )
        for entry in (yaml.safe_load(text) or {"resources": []})["resources"]
        for resource in entry["resources"]
    }


def steps(resources, key, *states):
    """Return the keys of each step for API servers with these keys, and whether objects are written again before."""
    looks = {
        host: look({"secrets": state} if state != NO_KEY else None)
        for host, state in zip(HOSTS, itertools.cycle(states), strict=False)
    }
    found = planned(resources, key, looks)
    assert found["problem"] == ""
    return [
        (*one["keys"].get("secrets", NO_KEY), *(["again"] if one["rewritten"] else []))
        for one in found["steps"]
    ]


def test_a_new_cluster_encrypts_from_its_start():
    found = planned(["secrets", "configmaps"], 1, {"cp1": ["key=NEW"], "cp2": ["key=OTHER"]})
    (step,) = found["steps"]
    assert step["keys"] == {"secrets": ("1",), "configmaps": ("1",)}
    assert step["path"] == found["start"] and step["rewritten"] == []
    assert "NEW" in found["files"][step["path"]] and "OTHER" not in str(found)
    assert found["problem"] == ""


def test_without_encryption_there_is_no_file():
    found = planned([], "1", {"cp1": look()})
    assert [one["path"] for one in found["steps"]] == [""] and found["files"] == {}
    assert found["start"] == "" == found["problem"]


@pytest.mark.parametrize(
    ("resources", "key", "expected"),
    [
        (["secrets"], "1", [("id", "1"), ("1", "id"), ("1", "again")]),
        ([], "1", [("id",)]),
    ],
)
def test_objects_that_are_not_encrypted(resources, key, expected):
    assert steps(resources, key, NO_KEY) == expected


@pytest.mark.parametrize(
    ("resources", "key", "expected"),
    [
        (["secrets"], "1", [("1",)]),
        (["secrets"], "2", [("1", "2"), ("2", "1"), ("2", "again")]),
        ([], "1", [("1", "id"), ("id", "1"), ("id", "again")]),
    ],
)
def test_objects_that_are_encrypted(resources, key, expected):
    assert steps(resources, key, ("1",)) == expected


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ([("1", "2"), ("1",)], [("1", "2"), ("2", "1"), ("2", "again")]),
        ([("1", "2")], [("2", "1"), ("2", "again")]),
        ([("2", "1"), ("1", "2")], [("2", "1"), ("2", "again")]),
        ([("2", "1")], [("2", "again")]),
        ([("2",), ("2", "1")], [("2", "again")]),
        ([("2",)], [("2",)]),
    ],
)
def test_a_rotation_that_was_killed_continues_with_the_next_step(states, expected):
    assert steps(["secrets"], "2", *states) == expected


@pytest.mark.parametrize("states", [[("1", "2"), ("1",)], [("2", "1"), ("1", "2")]])
def test_another_key_during_a_rotation_keeps_all_that_objects_may_have(states):
    first, *_, last = steps(["secrets"], "3", *states)
    assert set(first) == {"1", "2", "3"} and first[0] == states[0][0] and first[-1] == "3"
    assert last == ("3", "again")


def change(resources, key, states, written):
    """Yield the keys of the API servers and those of the objects after each change of one API server."""
    states = list(states)
    for step in steps(resources, key, *states):
        if "again" in step:
            assert len({one[0] for one in states}) == 1
            written = {states[0][0]}
        for number in range(len(HOSTS)):
            states[number] = tuple(one for one in step if one != "again")
            written = written | {one[0] for one in states}
            assert all(written <= set(one) for one in states)
            yield states, written


@pytest.mark.parametrize("end", [("1",), ("2",), NO_KEY])
@pytest.mark.parametrize("start", [("1",), NO_KEY])
def test_each_api_server_can_always_read_all_objects(start, end):
    """Stop after each change of an API server, with another declaration from there."""
    declared = (["secrets"], end[0]) if end != NO_KEY else ([], "1")
    for states, written in change(*declared, [start] * 3, {start[0]}):
        for other in ((["secrets"], "1"), (["secrets"], "3"), ([], "1")):
            *_, last = change(*other, states, written)
            assert last[1] == {other[1] if other[0] else "id"}
    assert set(states) == {end}


def test_the_secret_of_a_key_stays():
    found = planned(
        ["secrets", "configmaps"], "1", {"cp1": look({"secrets": ("1",)}), "cp2": look()}
    )
    texts = "".join(found["files"].values())
    assert "secret-1" in texts and "NEW" not in texts


def test_only_resources_that_change_are_written_again():
    both = {host: look({"secrets": ("1",), "configmaps": ("1",)}) for host in HOSTS}
    found = planned(["secrets"], "1", both)
    assert [one["rewritten"] for one in found["steps"]] == [[], [], ["configmaps"]]
    assert all(one["keys"]["secrets"] == ("1",) for one in found["steps"])


def test_the_same_state_has_the_same_file():
    once = planned(["secrets"], "1", {"cp1": look({"secrets": ("1",)})})
    ((path, text),) = once["files"].items()
    encoded = base64.b64encode(text.encode()).decode()
    again = planned(
        ["secrets"], "1", {"cp1": ["key=X", f"path={path}", f"configuration={encoded}"]}
    )
    assert again["files"] == once["files"] and again["start"] == path


def test_texts_of_ansible_are_written_as_texts():
    class Text(str):
        pass

    found = planned([Text("secrets")], Text("1"), {"cp1": [Text("key=NEW")]})
    assert found["steps"][0]["keys"] == {"secrets": ("1",)}


def test_a_change_needs_all_control_planes():
    looks = {"cp1": look({"secrets": ("1",)}), "cp2": look({"secrets": ("1",)})}
    assert "cp3 cannot be reached" in planned(["secrets"], "2", looks)["problem"]
    assert planned(["secrets"], "1", looks)["problem"] == ""


def test_a_change_waits_for_a_control_plane_that_leaves():
    looks = {host: look() for host in HOSTS}
    assert "cp4 leaves" in planned(["secrets"], "1", looks, leaving=["cp4"])["problem"]
    assert planned([], "1", looks, leaving=["cp4"])["problem"] == ""


def test_an_encryption_of_others_stays():
    foreign = {"cp1": ["key=NEW", "path=/etc/kubernetes/pki/mine.yaml"]}
    found = planned([], "1", foreign)
    assert found["problem"] == "" and [one["path"] for one in found["steps"]] == [""]
    assert "which this role did not write" in planned(["secrets"], "1", foreign)["problem"]


def test_a_file_that_is_missing_is_named():
    lost = {"cp1": ["key=NEW", f"path={DIRECTORY}/encryption-1.yaml"]}
    assert f"cp1 lacks {DIRECTORY}/encryption-1.yaml" in planned([], "1", lost)["problem"]


@pytest.mark.parametrize(
    ("resources", "key", "options", "reason"),
    [
        (["secret"], "1", {}, "secret is not the name of a resource in the plural"),
        (["*.*"], "1", {}, "is not the name"),
        (["secrets"], "identity", {}, "cannot be the name of a key"),
        (["secrets"], "a:b", {}, "cannot be the name of a key"),
        (["secrets"], "1", {"encryption-provider-config": "/x"}, "Take one of both out"),
    ],
)
def test_what_cannot_be_declared_is_refused_with_a_reason(resources, key, options, reason):
    (problem,) = encryption_problems(resources, key, options)
    assert reason in problem


def test_other_declarations_are_taken():
    assert encryption_problems(["secrets", "deployments.apps"], 2026, {"v": 4}) == []
    assert encryption_problems([], "", {"encryption-provider-config": "/x"}) == []
