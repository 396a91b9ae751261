import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.status.failures import (
    AT_ONCE,
    FailureReason,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.wait.failure_clock import (
    FailureClock,
)


class Time:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def time():
    return Time()


@pytest.fixture
def clock(time):
    return FailureClock(time)


def reason(name="FailedMount", patience=10.0):
    return FailureReason(name, "text", patience)


def test_reason_expires_after_its_patience(clock, time):
    clock.note("u", reason())
    assert clock.reason("u") == reason()
    time.now = 9.9
    assert not clock.expired("u", reason())
    time.now = 10
    assert clock.expired("u", reason())


def test_reason_without_patience_never_expires_and_one_at_once_always_does(clock, time):
    time.now = 1000
    assert not clock.expired("u", reason(patience=None))
    assert clock.expired("u", reason(patience=AT_ONCE))


def test_both_reasons_of_a_pull_share_a_clock(clock, time):
    clock.note("u", reason("ErrImagePull"))
    time.now = 6
    clock.note("u", reason("ImagePullBackOff"))
    time.now = 10
    assert clock.expired("u", reason("ImagePullBackOff"))


def test_other_reason_starts_its_own_clock(clock, time):
    clock.note("u", reason("FailedMount"))
    time.now = 6
    clock.note("u", reason("Unhealthy"))
    time.now = 10
    assert not clock.expired("u", reason("Unhealthy"))
    assert clock.expired("u", reason("FailedMount"))


def test_suspended_clock_goes_on(clock, time):
    clock.note("u", reason())
    clock.suspend("u")
    assert clock.reason("u") is None
    time.now = 10
    clock.note("u", reason())
    assert clock.expired("u", reason())


def test_forgotten_clock_starts_again(clock, time):
    clock.note("u", reason())
    clock.suspend("u")
    clock.forget("u")
    assert not clock
    time.now = 10
    clock.note("u", reason())
    assert not clock.expired("u", reason())


def test_weak_reason_does_not_replace_one_that_can_expire(clock):
    clock.note("u", reason("FailedMount"))
    clock.note_weakly("u", reason("Unhealthy"))
    assert clock.reason("u").reason == "FailedMount"
    clock.note("v", reason("Error", None))
    clock.note_weakly("v", reason("Unhealthy"))
    assert clock.reason("v").reason == "Unhealthy"


def test_clock_is_true_while_an_object_is_in_trouble(clock):
    assert not clock
    clock.note("u", reason())
    assert clock
    assert clock.uids() == ["u"]
