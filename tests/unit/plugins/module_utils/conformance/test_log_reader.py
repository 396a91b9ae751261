"""Tests of ``conformance.log_reader``."""

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.conformance.log_reader import LogReader


@pytest.fixture
def log(tmp_path):
    """Append to a log and look at it; returns all reports so far."""
    path = tmp_path / "e2e.log"
    said = []
    reader = LogReader(path, 3, lambda *words: said.append(words))

    def write(data):
        with path.open("ab") as stream:
            stream.write(data)
        reader.look()
        return said

    write.reader, write.said = reader, said
    return write


def test_a_log_that_does_not_exist_yet_is_no_error(log):
    log.reader.look()
    assert log.said == []


def test_ended_and_failed_tests_are_counted(log):
    assert log(b"Will run 3 of 7355 specs\nSSS") == []
    log("SS•SSSSSSSSSSSSSSSSSSSSSSS".encode())
    log("S• [FAILED] [12.3 seconds]\n[sig-node] Pods\n".encode())
    log("S•! [PANICKED] [1.3 seconds]\nmore text".encode())
    assert log.said == [("0 failed", 1, 3), ("1 failed", 2, 3), ("2 failed", 3, 3)]


def test_a_look_in_the_middle_of_a_line_loses_nothing(log):
    data = "S• [FAILED] [12.3 seconds]\nSSSSSSSSSSSSSSSSSSSS•SSSSSSSSSSSSSSSSSSSSSSS".encode()
    for place in range(len(data)):
        log(data[place : place + 1])
    assert log.said[-1] == ("1 failed", 2, 3)


def test_never_more_than_the_total(log):
    log(("•" * 5 + "S" * 30).encode())
    assert log.said == [("0 failed", 3, 3)]
