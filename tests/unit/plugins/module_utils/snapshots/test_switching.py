"""Tests of the switch to a restored lab, interrupted at every step."""

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.snapshots import switching
from ansible_collections.slipway.lab.plugins.module_utils.snapshots.errors import SnapshotError
from ansible_collections.slipway.lab.plugins.module_utils.snapshots.journal import read_journal


class KilledError(BaseException):
    """The process ends here."""


@pytest.fixture
def filled(lab):
    """A lab with a changed state, and the saved one beside it."""
    lab.save()
    lab.change()
    lab.fill()
    return lab


def recovered(lab):
    kept = switching.recover(lab.api, lab.state)
    assert sorted(lab.engine.containers) == ["slipway-one-files", "slipway-one-lab1"]
    assert len(lab.engine.volumes) == 1
    assert not (lab.state / ".restore").exists()
    assert switching.recover(lab.api, lab.state) == ""
    return kept, lab.contents()


def test_a_restore_that_was_only_filled_leaves_the_old_lab(filled):
    assert recovered(filled) == ("old", ("later", "later"))


def test_a_run_that_is_killed_at_any_step_ends_in_the_old_or_the_new_lab(lab, monkeypatch):
    lab.save()
    steps, kinds = 0, set()
    while True:
        lab.change()
        lab.fill()
        left = [steps]

        def killed(self, method, url, *rest, _left=left, _ask=switching.Engine.ask, **more):
            if method != "GET":
                if _left[0] == 0:
                    raise KilledError
                _left[0] -= 1
            return _ask(self, method, url, *rest, **more)

        with monkeypatch.context() as patched:
            patched.setattr(switching.Engine, "ask", killed)
            try:
                lab.switch()
                break
            except KilledError:
                pass
        kept, contents = recovered(lab)
        assert contents == {"old": ("later", "later"), "new": ("first", "first")}[kept]
        kinds.add(kept)
        steps += 1
    assert steps >= 6
    assert kinds == {"new"}


@pytest.mark.parametrize("count", range(6))
def test_files_that_were_moved_only_in_part_are_moved_to_the_end(filled, monkeypatch, count):
    left, rename = [count], switching.Path.rename

    def killed(self, target):
        if left[0] == 0:
            raise KilledError
        left[0] -= 1
        return rename(self, target)

    with monkeypatch.context() as patched:
        patched.setattr(switching.Path, "rename", killed)
        with pytest.raises(KilledError):
            filled.switch()
            raise KilledError
    if read_journal(filled.state):
        assert recovered(filled) == ("new", ("first", "first"))
    assert filled.contents() == ("first", "first")
    assert sorted(path.name for path in filled.state.iterdir()) == ["lab.json", "lock", "ssh"]


def test_an_engine_that_refuses_a_container_gives_the_old_lab_back(filled):
    filled.engine.refuse = ["POST /containers/create"]
    with pytest.raises(SnapshotError, match="refused by the test"):
        filled.switch()
    filled.engine.refuse = []
    assert filled.contents() == ("later", "later")
    assert sorted(filled.engine.containers) == ["slipway-one-files", "slipway-one-lab1"]
    assert len(filled.engine.volumes) == 1 and read_journal(filled.state) is None


def test_a_lab_that_runs_is_not_replaced(filled):
    filled.engine.containers["slipway-one-lab1"]["State"]["Running"] = True
    with pytest.raises(SnapshotError, match="slipway-one-lab1 runs; stop the lab first"):
        filled.switch()
    assert filled.contents() == ("later", "later")


def test_nothing_is_replaced_without_a_restore(lab):
    with pytest.raises(SnapshotError, match="no snapshot was copied beside the lab one"):
        lab.switch()
    assert lab.contents() == ("first", "first")


def test_images_of_others_are_kept(filled):
    filled.switch()
    assert {"slipway/host:1", "slipway/mirror:1"} <= filled.engine.images
