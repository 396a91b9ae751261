"""Tests of ``kube.kubeconfig_context``."""

from __future__ import annotations

import copy

import pytest
import yaml

from ansible_collections.slipway.lab.plugins.module_utils.kube.kubeconfig_context import (
    Kubeconfig,
    KubeconfigError,
    choose_file,
    merged,
    text_of,
    without,
)


def config(name, server="https://a", current=""):
    return {
        "clusters": [{"name": name, "cluster": {"server": server}}],
        "users": [{"name": name, "user": {"token": f"secret-{name}"}}],
        "contexts": [{"name": name, "context": {"cluster": name, "user": name, "namespace": "n"}}],
        "current-context": current,
    }


LAB = Kubeconfig("/lab", config("minikube", "https://lab", "minikube"))


def added(content, use=False, owner="x"):
    return merged(Kubeconfig("/f", content), LAB, "slipway-x", owner, use)


def test_a_context_is_added_beside_the_others():
    before = {**config("work", current="work"), "preferences": {"colors": True}}
    after = added(copy.deepcopy(before))
    assert [one["name"] for one in after["clusters"]] == ["work", "slipway-x"]
    assert after["users"][1]["user"] == {"token": "secret-minikube"}
    context = after["contexts"][1]["context"]
    assert (context["cluster"], context["user"], context["namespace"]) == ("slipway-x",) * 2 + (
        "n",
    )
    assert after["current-context"] == "work" and after["preferences"] == {"colors": True}
    assert after["clusters"][0] == before["clusters"][0]


def test_a_second_addition_changes_nothing_and_a_new_cluster_is_taken_over():
    once = added(config("work"), use=True)
    assert added(once, use=True) == once
    other = Kubeconfig("/lab", config("minikube", "https://new", "minikube"))
    new = merged(Kubeconfig("/f", once), other, "slipway-x", "x", False)
    assert new["clusters"][1]["cluster"]["server"] == "https://new"
    assert new["current-context"] == "slipway-x"


@pytest.mark.parametrize("use", [True, False])
def test_a_removal_gives_the_file_back(use):
    before = config("work", current="work")
    after = without(Kubeconfig("/f", added(before, use)), "slipway-x", "x")
    assert after == {"apiVersion": "v1", "kind": "Config", **before}


def test_a_current_context_that_is_gone_does_not_come_back():
    content = added(config("work", current="work"), use=True)
    content["contexts"] = content["contexts"][1:]
    assert without(Kubeconfig("/f", content), "slipway-x", "x")["current-context"] == ""


def test_another_current_context_stays():
    content = {**added(config("work", current="work"), use=True), "current-context": "work"}
    assert without(Kubeconfig("/f", content), "slipway-x", "x")["current-context"] == "work"


def test_what_is_not_there_is_not_removed():
    content = config("slipway-x")  # without the mark
    assert without(Kubeconfig("/f", content), "slipway-x", "x") is content


def test_another_owner_keeps_its_context():
    theirs = added(config("work"), owner="other")
    for change in (
        lambda: added(theirs),
        lambda: without(Kubeconfig("/f", theirs), "slipway-x", "x"),
    ):
        with pytest.raises(KubeconfigError, match="belongs to 'other'"):
            change()


@pytest.mark.parametrize("section", ["clusters", "users", "contexts"])
def test_entries_of_others_are_refused(tmp_path, section):
    path = tmp_path / "config"
    path.write_text(yaml.safe_dump({section: config("slipway-x")[section]}))
    with pytest.raises(
        KubeconfigError, match=f"'slipway-x' in {section} that Slipway did not write"
    ):
        choose_file([str(path)], "slipway-x")


def test_the_file_is_chosen_as_kubectl_does(tmp_path):
    paths = [str(tmp_path / name) for name in "abc"]
    assert choose_file(paths, "slipway-x").path == paths[2]
    (tmp_path / "b").write_text(text_of(config("work")))
    assert choose_file(paths, "slipway-x").path == paths[1]
    (tmp_path / "c").write_text(text_of(added(config("work"))))
    assert choose_file(paths, "slipway-x").path == paths[2]


@pytest.mark.parametrize(
    ("text", "said"), [("a: [", "cannot be read"), ("- a", "must be a mapping")]
)
def test_what_is_no_kubeconfig_is_named(tmp_path, text, said):
    (tmp_path / "config").write_text(text)
    with pytest.raises(KubeconfigError, match=said):
        Kubeconfig.read(str(tmp_path / "config"))


def test_a_source_without_a_context_is_refused():
    for content in ({}, {**config("a", current="a"), "users": []}):
        with pytest.raises(KubeconfigError, match="/s has no"):
            merged(Kubeconfig("/f", {}), Kubeconfig("/s", content), "slipway-x", "x", False)


def test_a_summary_has_no_credentials():
    found = Kubeconfig("/f", added(config("work", current="work"))).summary()
    assert found == {
        "contexts": {"work": "https://a", "slipway-x": "https://lab"}, "current-context": "work",
    }  # fmt: skip
