"""Tests of ``slipway.lab.format``."""

import pytest

from slipway.lab.format import count, duration, gib, plain, short_path


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"),
        (59.4, "59 s"),
        (59.5, "1:00"),
        (62, "1:02"),
        (3599.6, "1:00:00"),
        (3723, "1:02:03"),
    ],
)
def test_durations(seconds, text):
    assert duration(seconds) == text


def test_counts():
    assert [count(0, "task"), count(1, "task"), count(3, "task")] == [
        "0 tasks",
        "1 task",
        "3 tasks",
    ]
    assert count(2, "process", "processes") == "2 processes"


def test_escapes_and_carriage_returns_are_removed():
    assert plain("\x1b[1;31mred\x1b[0m\r\nnext\rlast") == "red\nnext\nlast"


def test_the_home_directory_is_shortened(monkeypatch):
    monkeypatch.setenv("HOME", "/home/ada")
    assert short_path("/home/ada/lab/log") == "~/lab/log"
    assert short_path("/var/lib/docker") == "/var/lib/docker"


def test_sizes():
    assert gib(5.25 * 2**30) == "5.2 GiB"
