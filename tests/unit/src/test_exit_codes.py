"""Tests of ``slipway.exit_codes``."""

from slipway.exit_codes import ExitCode


def test_the_codes_are_those_of_the_documentation():
    assert {code.name: int(code) for code in ExitCode} == {
        "OK": 0, "FAILED": 1, "USAGE": 2, "UNFIT": 3, "NO_LAB": 4, "INTERRUPTED": 130,
    }  # fmt: skip
