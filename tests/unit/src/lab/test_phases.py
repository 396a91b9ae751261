"""Tests of ``slipway.lab.phases``."""

from slipway.lab.phases import OK, RUNNING, Failure, Phase, final_failures, slug, visible


def test_a_phase_that_comes_back_adds_up():
    phase = Phase("mirror", "Mirror")
    phase.begin(10)
    assert (phase.state, phase.elapsed(12)) == (RUNNING, 2)
    phase.end(OK, 12)
    phase.begin(20)
    phase.end(OK, 25)
    assert (phase.state, phase.seconds, phase.elapsed(99)) == (OK, 7, 7)


def test_phases_that_were_not_asked_for_appear_when_they_are_entered():
    asked, other = Phase("a", "A"), Phase("b", "B", listed=False)
    assert visible([asked, other]) == [asked]
    other.begin(1)
    assert visible([asked, other]) == [asked, other]


def test_ids_are_short():
    assert slug("Something New!") == "something-new"
    assert slug("!") == "play"


def failure(host):
    return Failure(phase="hosts", host=host, task="T", path="", result={})


def test_rescued_failures_are_not_final():
    stats = {"failures": {"dead": 1}, "dark": {"gone": 1}}
    failures = [failure("rescued"), failure("dead"), failure("gone")]
    assert [one.host for one in final_failures(failures, stats)] == ["dead", "gone"]


def test_the_last_failure_is_final_when_the_run_was_cut_off():
    assert [one.host for one in final_failures([failure("a"), failure("b")], None)] == ["b"]
    assert final_failures([], None) == []
