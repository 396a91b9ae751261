"""Tests of ``slipway.lab.choice``."""

import pytest

from slipway.errors import LabNameError, NoLabError, UsageError
from slipway.lab.choice import LabChoice
from slipway.lab.labs import record


@pytest.fixture
def environ(tmp_path, monkeypatch):
    monkeypatch.setenv("SLIPWAY_COMMAND", "./slipway")
    return {"HOME": str(tmp_path), "XDG_STATE_HOME": str(tmp_path / "state")}


def make(environ, name, inventory):
    """Make a lab that is up, from an inventory of its own."""
    inventory.mkdir()
    lab = LabChoice(environ, (str(inventory),), (f"slipway_lab={name}",)).project()
    record(lab)
    lab.kubeconfig.touch()
    return lab


def test_a_lab_that_is_up_is_found_again_by_its_name(environ, tmp_path):
    made = make(environ, "physics", tmp_path / "inv")
    assert LabChoice(environ, lab="physics").project() == made
    assert LabChoice(environ).existing().project() == made  # nothing was named, default is not up


def test_the_default_lab_comes_first(environ, tmp_path):
    default = LabChoice(environ).project()
    default.state.mkdir(parents=True)
    default.kubeconfig.touch()
    make(environ, "physics", tmp_path / "inv")
    assert LabChoice(environ).existing().project() == default


def test_advice_never_builds_a_second_lab(environ, tmp_path):
    make(environ, "physics", tmp_path / "inv")
    with pytest.raises(NoLabError) as problem:
        LabChoice(environ, lab="chemistry").existing()
    assert "labs that are up: physics" in str(problem.value)
    assert problem.value.next_step == "add --lab physics"


def test_what_works_without_a_lab_keeps_the_choice(environ, tmp_path):
    choice = LabChoice(environ)
    assert choice.existing_or_own() is choice
    made = make(environ, "physics", tmp_path / "inv")
    assert choice.existing_or_own().project() == made


@pytest.mark.parametrize(
    ("flags", "advice"),
    [
        ({}, "run: ./slipway up"),
        ({"lab": "two"}, "run: ./slipway up --lab two"),
        ({"extra_vars": ("slipway_lab=two", "x=1")}, "run: ./slipway up -e slipway_lab=two"),
    ],
)
def test_without_any_lab_the_advice_names_the_same_lab(environ, flags, advice):
    with pytest.raises(NoLabError, match="no lab is up") as problem:
        LabChoice(environ, **flags).existing()
    assert problem.value.next_step == advice


def test_down_removes_no_lab_by_guessing(environ, tmp_path):
    assert LabChoice(environ).removable("down")  # no lab exists, so down has no work
    make(environ, "physics", tmp_path / "inv")
    with pytest.raises(NoLabError) as problem:
        LabChoice(environ).removable("down")
    assert problem.value.next_step == "run: ./slipway down --lab physics"
    assert LabChoice(environ, lab="physics").removable("down").project().lab == "physics"


def test_contradictions_and_mistakes_are_refused(environ):
    with pytest.raises(UsageError, match="contradicts slipway_lab=b"):
        LabChoice(environ, extra_vars=("slipway_lab=b",), lab="a").project()
    with pytest.raises(UsageError, match="no/such does not exist"):
        LabChoice(environ, ("no/such",)).project()
    with pytest.raises(LabNameError, match="--lab"):
        LabChoice(environ, lab="../x").project()
