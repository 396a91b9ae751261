import time

from ansible_collections.slipway.lab.plugins.module_utils.common.deadline import Deadline


def moved(deadline: Deadline, seconds: float) -> Deadline:
    deadline.start -= seconds
    return deadline


def test_deadline_counts_down():
    deadline = moved(Deadline(10), 4)
    assert 5.5 < deadline.remaining() <= 6
    assert 4 <= deadline.elapsed() < 4.5
    assert not deadline.passed


def test_deadline_never_has_negative_time_left():
    deadline = moved(Deadline(1), 5)
    assert deadline.remaining() == 0
    assert deadline.passed


def test_deadline_starts_at_its_creation():
    before = time.monotonic()
    assert Deadline(1).start >= before
