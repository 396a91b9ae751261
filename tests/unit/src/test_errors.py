"""Tests of ``slipway.errors``."""

import pytest

from slipway.errors import LabNameError, NoLabError, SlipwayError, UsageError
from slipway.exit_codes import ExitCode


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (SlipwayError, ExitCode.FAILED),
        (UsageError, ExitCode.USAGE),
        (LabNameError, ExitCode.USAGE),
        (NoLabError, ExitCode.NO_LAB),
    ],
)
def test_an_error_has_its_exit_code_and_a_next_step(kind, code):
    problem = kind("what", "do this")
    assert problem.exit_code is code
    assert (str(problem), problem.next_step) == ("what", "do this")
