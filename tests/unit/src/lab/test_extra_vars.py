"""Tests of ``slipway.lab.extra_vars``."""

import pytest

from slipway.lab.extra_vars import EXTRA_VARS, INVENTORY, parse_extra_vars, values_of, without
from slipway.lab.yaml_file import ONLY_ANSIBLE


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a=b c=d", {"a": "b", "c": "d"}),
        ("a='two words' b=x", {"a": "two words", "b": "x"}),
        ('slipway_lab="physics"', {"slipway_lab": "physics"}),
        ('{"a": [1]}', {"a": [1]}),
        ("{a: 1}", {"a": 1}),
        ("a='unbalanced", None),
        ("@/does/not/exist", None),
    ],
)
def test_values_are_read_as_ansible_reads_them(text, found):
    assert parse_extra_vars(text) == found


def test_a_file_of_variables_is_read(tmp_path):
    (tmp_path / "more.yml").write_text("a: !vault x\nb: 2\n")
    assert parse_extra_vars(f"@{tmp_path}/more.yml") == {"a": ONLY_ANSIBLE, "b": 2}


WORDS = ["-e", "a=1", "--forks", "3", "--extra-vars=b=2", "-ec=3", "--extra-vars", "d=4", "-i", "x"]


def test_every_form_of_a_flag_is_found():
    assert values_of(EXTRA_VARS, WORDS) == ["a=1", "b=2", "c=3", "d=4"]
    assert values_of(INVENTORY, [*WORDS, "--inventory=y", "-iz"]) == ["x", "y", "z"]
    assert values_of(EXTRA_VARS, ["-e"]) == []


def test_other_arguments_stay():
    assert without(INVENTORY, without(EXTRA_VARS, WORDS)) == ["--forks", "3"]
