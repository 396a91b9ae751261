"""Tests of ``slipway.run.hold``."""

from dataclasses import replace

import pytest

from slipway.lab.lock import LabBusyError
from slipway.lab.project import locate
from slipway.run.hold import hold_lab
from support.displayed_run import make_console


def test_a_held_lab_has_a_log_and_an_empty_folder(tmp_path):
    project = replace(locate(), state=tmp_path)
    (tmp_path / "work").mkdir()
    (tmp_path / "work/left").touch()
    with hold_lab(project, "up", "ansible-playbook x", make_console()) as hold:
        assert list(hold.work.iterdir()) == []
        hold.log.write("a line")
        with pytest.raises(LabBusyError), hold_lab(project, "down", "", make_console()):
            pass
    assert hold.log_path.read_text() == "a line"
