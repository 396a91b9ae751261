"""Tests of ``slipway.lab.lab_name``."""

import pytest

from slipway.errors import LabNameError
from slipway.lab.lab_name import checked, lab_name


@pytest.mark.parametrize("name", ["default", "Physics_2.b", "7", "a" * 40])
def test_usual_names_are_allowed(name):
    assert checked(name, "--lab") == name


@pytest.mark.parametrize(
    "name", ["team/alice", "My Lab", "../../..", ".hidden", "-x", "", "a" * 41, "a\nb", "{{ x }}"]
)
def test_names_that_lead_elsewhere_are_refused(name):
    with pytest.raises(LabNameError, match="slipway_lab"):
        checked(name, "--lab")


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("hosts.ini", "[control]\nlocalhost\n[all:vars]\nslipway_lab=own\n"),
        ("hosts", "[all:vars]\nslipway_lab = 'own'\n"),
        ("hosts.yml", "all: {vars: {slipway_lab: own}}\n"),
    ],
)
def test_the_name_may_stand_in_the_file_of_hosts(tmp_path, file, text):
    (tmp_path / file).write_text(text)
    assert lab_name([str(tmp_path / file)], []) == "own"
    assert lab_name([str(tmp_path)], []) == "own"


def test_group_vars_and_flags_are_stronger(tmp_path):
    (tmp_path / "hosts.ini").write_text("[all:vars]\nslipway_lab=weak\n")
    (tmp_path / "group_vars").mkdir()
    (tmp_path / "group_vars/all.yml").write_text("slipway_lab: strong\n")
    assert lab_name([str(tmp_path)], []) == "strong"
    assert lab_name([str(tmp_path)], ["x=1", "slipway_lab='quoted'"]) == "quoted"


def test_a_wrong_name_is_refused_with_its_place(tmp_path):
    (tmp_path / "group_vars").mkdir()
    (tmp_path / "group_vars/all.yml").write_text("slipway_lab: ../..\n")
    with pytest.raises(LabNameError, match=r"group_vars/all\.yml"):
        lab_name([str(tmp_path)], [])


def test_group_vars_without_a_suffix_count(tmp_path):
    (tmp_path / "group_vars").mkdir()
    (tmp_path / "group_vars/all").write_text("slipway_lab: plain\n")
    (tmp_path / "group_vars/all_other.yml").write_text("slipway_lab: other\n")
    assert lab_name([str(tmp_path / "hosts.ini")], []) == "plain"
