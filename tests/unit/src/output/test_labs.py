"""Tests of ``slipway.output.labs``."""

import time

import pytest

from slipway.output.labs import age, show_labs

LAB = {
    "name": "one", "state": "running", "owner": "", "created": 0, "memory": 2**30, "disk": 2**31,
    "subnet": "",
}  # fmt: skip


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(-3, "0 s"), (59, "59 s"), (60, "1 min"), (7300, "2 h"), (86400 * 3, "3 d")],
)
def test_an_age_has_one_unit(seconds, text):
    assert age(seconds) == text


def test_a_lab_without_an_owner_and_a_network(capsys):
    show_labs([{**LAB, "created": time.time() - 7200}])
    assert capsys.readouterr().out.splitlines()[1].split() == [
        "one", "running", "unknown", "2", "h", "1.0", "GiB", "2.0", "GiB",
    ]  # fmt: skip
