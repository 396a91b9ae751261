"""Tests of ``slipway.lab.labs``."""

from slipway.lab.labs import forget, known_labs, record
from slipway.lab.lock import LabLock
from slipway.lab.project import locate


def project(tmp_path, name, *inventories):
    environ = {"HOME": str(tmp_path), "XDG_STATE_HOME": str(tmp_path / "state")}
    return locate(inventories, [f"slipway_lab={name}"], environ)


def test_labs_are_listed_the_latest_first(tmp_path):
    first, second = project(tmp_path, "first", "/inv/a"), project(tmp_path, "second", "h1,")
    record(first)
    record(second)
    (first.state / "kubeconfig").touch()
    (tmp_path / "state/slipway/other").mkdir()
    labs = known_labs(tmp_path / "state/slipway")
    assert [(lab.name, lab.is_up, lab.inventories) for lab in labs] == [
        ("second", False, ("h1,",)), ("first", True, ("/inv/a",)),
    ]  # fmt: skip
    forget(second)
    forget(second)
    assert [lab.name for lab in known_labs(tmp_path / "state/slipway")] == ["first"]


def test_a_lab_without_a_record_counts_while_it_is_up(tmp_path):
    lab = project(tmp_path, "old")
    lab.state.mkdir(parents=True)
    lab.report.touch()
    (found,) = known_labs(tmp_path / "state/slipway")
    assert found.name == "old" and found.is_up and found.inventories == ()


def test_relative_inventories_count_from_the_checkout(tmp_path):
    lab = project(tmp_path, "x", "inventories/lab")
    record(lab)
    (found,) = known_labs(tmp_path / "state/slipway")
    assert found.inventories == (str(lab.root / "inventories/lab"),)


def test_a_lab_that_another_run_holds_keeps_its_record(tmp_path):
    record(project(tmp_path, "lab", "/inv/a"))
    other = project(tmp_path, "lab", "/inv/b")
    with LabLock(other.state, "lab", "slipway up"):
        record(other)
    (lab,) = known_labs(tmp_path / "state/slipway")
    assert lab.inventories == ("/inv/a",)
