"""The search for phrases joins lines, skips code, and reports the line where a phrase begins."""

from __future__ import annotations

import pytest

from support import prose


@pytest.fixture
def found(tmp_path, monkeypatch):
    monkeypatch.setattr(prose, "ROOT", tmp_path)

    def check(name, text):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return [(finding.line, finding.text) for finding in prose.check(path)]

    return check


def test_phrase_is_joined_over_lines_of_a_comment(found):
    assert found("a.yml", "---\n# The list is compared side\n# by side.\nkey: 1\n") == [
        (2, "side by side")
    ]


def test_code_is_not_prose(found):
    assert found("a.py", 'told = 1\nanew(told, "x")\n') == []


def test_texts_and_comments_of_python_are_prose(found):
    source = 'def f(x):\n    """Return it."""\n    # made anew\n    return f"{x} can not run"\n'
    assert sorted(found("a.py", source)) == [(3, "anew"), (4, "can not")]


def test_texts_of_tests_are_not_prose(found):
    assert found("tests/test_a.py", '"""Test a."""\n\nA = "can not"\n') == []


@pytest.mark.parametrize(
    "line", ["How many there are.", "Whether it is ready.", "Is it ready?", "Run."]
)
def test_docstring_opens_with_an_imperative(found, line):
    assert found("a.py", f'def f():\n    """{line}"""\n') == [(2, line)]


@pytest.mark.parametrize("name", ["Say it", "No hosts", "Look at the nodes", "Make sure of Docker"])
def test_task_name_is_a_verb_and_an_object(found, name):
    assert (1, name) in found("a.yml", f"- name: {name}\n  ping:\n")


def test_title_of_a_panel_is_a_noun(found):
    assert found("a.json", '{\n "title": "What it uses",\n}\n')[0] == (2, "What it uses")


def test_comment_opens_with_a_noun(found):
    assert found("a.yml", "---\n# What pods use.\nkey: 1\n") == [(2, "What pods use.")]


def test_good_prose_passes(found):
    text = "There is no lab; run `./slipway up`. It no longer fails, and no more than two pods restart.\n"
    assert found("a.md", text) == []


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("서버가 대답합니다.", "대답"),
        ("파드는 하나의 주소를 씁니다.", "는 하나의"),
        ("모든 파드들이 준비되었습니다.", "파드들"),
        ("컨테이너가 노드에서 돌고 있습니다.", "돌고"),
        ("프로세스를 죽입니다.", "죽입"),
        ("실습실을 만듭니다.", "실습실"),
        ("옛 버전이 응답합니다.", "옛"),
    ],
)
def test_korean_rules_apply_to_korean(found, text, finding):
    assert found("ko.md", f"{text}\n") == [(1, finding)]


def test_good_korean_passes(found):
    text = "파드 하나의 주소를 조회합니다. 레플리카 수를 되돌리면 파드가 돌아옵니다. 기존 파드는 종료됩니다.\n"
    assert found("ko.md", text) == []
