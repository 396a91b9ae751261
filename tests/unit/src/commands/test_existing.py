"""Tests of ``slipway.commands.existing``."""

import pytest

from slipway.commands.existing import existing_lab, existing_lab_or_own
from slipway.errors import NoLabError
from slipway.lab.choice import LabChoice


def test_another_lab_than_the_default_one_is_named(command, tmp_path, capsys):
    environ = {"HOME": str(tmp_path), "XDG_STATE_HOME": str(tmp_path / "state")}
    with pytest.raises(NoLabError):
        existing_lab(LabChoice(environ))
    own = LabChoice(environ)
    assert existing_lab_or_own(own) is own
    command.make("two")
    for find in (existing_lab, existing_lab_or_own):
        assert find(LabChoice(environ)).lab == "two"
        assert 'using lab "two"' in capsys.readouterr().err
    existing_lab(LabChoice(environ), quiet=True)
    existing_lab(LabChoice(environ, lab="two"))
    assert capsys.readouterr().err == ""
