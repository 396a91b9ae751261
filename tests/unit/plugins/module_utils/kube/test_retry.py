import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube import retry as retry_module
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import (
    ApiError,
    UnreachableError,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.retry import (
    MAX_CONFLICT_ATTEMPTS,
    Retry,
    retry_on_conflict,
)


def api_error(status, retry_after=0.0):
    return ApiError(status, {}, "GET", "/", retry_after)


class Clock:
    """A time that only sleeping moves."""

    def __init__(self):
        self.time = 100.0
        self.sleeps = []

    def monotonic(self):
        return self.time

    def sleep(self, seconds):
        self.sleeps.append(seconds)
        self.time += seconds


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(retry_module.time, "monotonic", clock.monotonic)
    monkeypatch.setattr(retry_module.time, "sleep", clock.sleep)
    monkeypatch.setattr(retry_module.random, "uniform", lambda low, high: 1.0)
    return clock


@pytest.mark.parametrize(
    ("method", "error", "repeated"),
    [
        ("GET", api_error(503), True),
        ("GET", api_error(404), False),
        ("PATCH", api_error(429), True),
        ("POST", api_error(429), True),
        ("POST", api_error(503), False),
        ("GET", UnreachableError("x"), True),
        ("GET", UnreachableError("x", final=True), False),
        ("POST", UnreachableError("x", sent=False), True),
        ("POST", UnreachableError("x", sent=True), False),
    ],
)
def test_only_safe_requests_are_repeated(clock, method, error, repeated):
    retry = Retry(method, patience=60)
    if repeated:
        retry.wait_after(error)
        assert clock.sleeps == [0.1]
    else:
        with pytest.raises(type(error)):
            retry.wait_after(error)
        assert clock.sleeps == []


def test_a_server_that_asks_to_wait_gets_more_time(clock):
    retry = Retry("GET", patience=2)
    with pytest.raises(ApiError):
        retry.wait_after(api_error(429, retry_after=5.0))
    retry.extend(60)
    retry.wait_after(api_error(429, retry_after=5.0))
    retry.extend(1)
    retry.wait_after(api_error(429, retry_after=5.0))
    assert clock.sleeps == [5.0, 5.0]


def test_a_pause_is_never_shorter_than_asked_for(clock, monkeypatch):
    monkeypatch.setattr(retry_module.random, "uniform", lambda low, high: low)
    Retry("GET", patience=60).wait_after(api_error(429, retry_after=5.0))
    assert clock.sleeps == [5.0]


def test_pauses_double_up_to_a_limit(clock):
    retry = Retry("GET", patience=60)
    for _ in range(8):
        retry.wait_after(UnreachableError("x"))
    assert clock.sleeps == [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 5.0, 5.0]


def test_server_decides_the_pause(clock):
    Retry("GET", patience=60).wait_after(api_error(429, retry_after=7.0))
    assert clock.sleeps == [7.0]


def test_patience_ends(clock):
    retry = Retry("GET", patience=1)
    with pytest.raises(UnreachableError):
        for _ in range(20):
            retry.wait_after(UnreachableError("x"))
    assert sum(clock.sleeps) <= 1


def test_internal_error_gets_little_patience(clock):
    retry = Retry("GET", patience=60)
    with pytest.raises(ApiError):
        for _ in range(20):
            retry.wait_after(api_error(500))
    assert sum(clock.sleeps) <= retry_module.MAX_INTERNAL_ERROR_SECONDS


def test_conflict_is_decided_again():
    reads, answers = [], [api_error(409), api_error(409), "written"]

    def send():
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    assert retry_on_conflict(send, lambda: reads.append(1)) == "written"
    assert len(reads) == 2


@pytest.mark.parametrize(("status", "attempts"), [(409, MAX_CONFLICT_ATTEMPTS), (422, 1)])
def test_conflicts_and_other_refusals_end(status, attempts):
    sent = []

    def send():
        sent.append(1)
        raise api_error(status)

    with pytest.raises(ApiError):
        retry_on_conflict(send, lambda: None)
    assert len(sent) == attempts
