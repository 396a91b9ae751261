"""Situations of hosts from public trackers that need neither Docker nor a lab."""

import pytest

from support.host_cases import WITHOUT_LAB, check_case
from support.lab import ROOT


@pytest.mark.parametrize("script", WITHOUT_LAB, ids=lambda path: path.stem)
def test_case(script):
    check_case(script, ROOT)
