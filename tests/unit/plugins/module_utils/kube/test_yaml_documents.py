"""Tests of ``kube.yaml_documents``."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.yaml_documents import documents


def test_scalars_are_those_of_kubernetes():
    (found,) = documents("{day: 2026-01-02, sign: =, time: 22:30, mode: 0644, on: true}")
    assert found == {"day": "2026-01-02", "sign": "=", "time": "22:30", "mode": 420, "true": True}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0o644", 420),
        ("1e3", 1000),
        ("2.0", 2),
        ("1.5", 1.5),
        ("1234e567", "1234e567"),  # the beginning of a checksum, for example
        ("<<", "<<"),
    ],
)
def test_numbers_are_those_of_kubectl(text, value):
    (found,) = documents(f"a: {text}")
    assert found == {"a": value} and type(found["a"]) is type(value)


def test_keys_are_text():
    text = "{1: a, yes: b, 1.5: c, d: e}"
    assert list(documents(text)) == [{"1": "a", "true": "b", "1.5": "c", "d": "e"}]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: .inf", "JSON does not have"),
        ("{~: a}", "a key is empty"),
        ("a: !vault |\n  x", "the tag !vault has no meaning"),
        ("a: {{ name }}", "it may be a template"),
        ("{{ if .Values.on }}", "it may be a template"),
    ],
)
def test_what_json_cannot_have_is_named(text, problem):
    with pytest.raises(ValueError, match=problem):
        list(documents(text))


def test_a_key_that_is_given_twice_is_a_mistake_or_noted():
    text = "a: 1\nb: {c: 1, c: 2}\n---\na: 1\na: 3\n"
    with pytest.raises(ValueError, match="key 'c' is given twice"):
        list(documents(text))
    duplicates: list[str] = []
    assert list(documents(text, duplicates)) == [{"a": 1, "b": {"c": 2}}, {"a": 3}]
    assert duplicates == ["key 'c' is given twice (line 2)", "key 'a' is given twice (line 5)"]


def test_merged_mappings_are_no_duplicates():
    text = "base: &base {a: 1}\nother:\n  <<: *base\n  a: 2\n"
    (found,) = documents(text)
    assert found["other"] == {"a": 2}


def test_text_that_is_no_yaml_is_a_mistake_of_one_line():
    with pytest.raises(ValueError, match="^while parsing") as caught:
        list(documents("a: ["))
    assert "\n" not in str(caught.value)


def test_byte_order_marks_of_files_that_were_joined_are_no_content():
    text = "\ufeffa: 1\r\n---\r\n\ufeffa: 2\n\ufeff---\na: '\ufeff'\n"
    assert list(documents(text)) == [{"a": 1}, {"a": 2}, {"a": "\ufeff"}]


def test_tags_give_values_that_json_has():
    assert list(documents("[!!binary aGk=, !!timestamp 2026-01-02]")) == [["hi", "2026-01-02"]]
    with pytest.raises(ValueError, match="give its base64 without the tag"):
        list(documents("a: !!binary gA=="))
    with pytest.raises(ValueError, match="could not determine a constructor"):
        list(documents("a: !!set {x}"))


def test_text_in_another_encoding_is_named():
    text = "a: é\n".encode("latin-1").decode("utf-8", "surrogateescape")
    with pytest.raises(ValueError, match="not encoded in UTF-8; convert it"):
        list(documents(text))


def test_json_may_have_tabs_escapes_and_several_documents():
    text = '\n{\n\t"a": "\\ud83d\\ude00 \\u00fc",\n\t"b": [1, 1.5, true, null]\n}\n{"c": "1"}\n'
    assert list(documents(text)) == [{"a": "\U0001f600 ü", "b": [1, 1.5, True, None]}, {"c": "1"}]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('{"a": 1, "a": 2}', "key 'a' is given twice"),
        ('{"a": "\\ud83d"}', "escape"),
        ('{"a": 1} b', "expected"),
    ],
)
def test_mistakes_in_json_are_named(text, problem):
    with pytest.raises(ValueError, match=problem):
        list(documents(text))


def test_what_only_looks_like_json_is_yaml():
    assert list(documents("{a: Infinity, b: NaN}\n--- \n{c: d}\n")) == [
        {"a": "Infinity", "b": "NaN"},
        {"c": "d"},
    ]
