"""Tests of ``slipway.doctor.findings``."""

from slipway.doctor.findings import error, ok, warning


def test_a_finding_is_a_dictionary_for_json():
    assert error("no sudo", "install sudo").named("privileges").as_dict() == {
        "level": "error", "message": "no sudo", "remedy": "install sudo", "check": "privileges",
    }  # fmt: skip


def test_levels_and_remedies():
    assert (ok("root").level, ok("root").remedy) == ("ok", "")
    assert (warning("a", "b").level, warning("a", "b").remedy) == ("warning", "b")


def test_a_name_is_given_to_a_copy():
    unnamed = ok("root")
    assert unnamed.named("privileges") != unnamed and unnamed.check == ""
