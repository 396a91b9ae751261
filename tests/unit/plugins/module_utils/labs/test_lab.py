"""Tests of labs as objects."""

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.labs.lab import (
    Lab,
    foreign_owner,
    number,
)


@pytest.mark.parametrize(
    ("running", "stopped", "state"),
    [
        (["a"], [], "running"),
        (["a"], ["b"], "partial"),
        ([], ["b"], "stopped"),
        ([], [], "remains"),
    ],
)
def test_the_state_is_that_of_the_containers(running, stopped, state):
    lab = Lab("one", running=running, stopped=stopped)
    assert lab.state == lab.as_dict()["state"] == state


def test_only_the_owner_and_root_may_change_a_lab():
    lab = Lab("one", owner="alice", uid=1001)
    assert foreign_owner(lab, 1002) == "alice (uid 1001)"
    assert foreign_owner(lab, 1001) == foreign_owner(lab, 0) == ""


def test_a_lab_without_an_owner_belongs_to_everyone():
    assert foreign_owner(Lab("one"), 1002) == ""


def test_a_lab_of_root_is_protected_from_others():
    assert foreign_owner(Lab("one", owner="root", uid=0), 1002) == "root (uid 0)"


def test_a_label_that_is_no_number_names_nobody():
    assert number({"slipway.uid": "17"}, "slipway.uid") == 17
    assert number({"slipway.uid": "x"}, "slipway.uid") is None
