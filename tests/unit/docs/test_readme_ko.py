"""README.ko.md has the commands, tables and links of README.md."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
ENGLISH, KOREAN = (
    (ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.ko.md")
)


@pytest.mark.parametrize(
    "pattern",
    [
        pytest.param(r"^```.*?^```$", id="blocks"),
        pytest.param(r"\]\((?!README)([^)]+)\)", id="links"),
        pytest.param(r"^(#+) ", id="headings"),
    ],
)
def test_both_have_the_same(pattern):
    english, korean = (
        re.findall(pattern, text, re.MULTILINE | re.DOTALL) for text in (ENGLISH, KOREAN)
    )
    if pattern.startswith(r"\]"):
        english, korean = sorted(english), sorted(korean)
    assert english == korean


def test_each_names_the_other():
    assert "(README.ko.md)" in ENGLISH and "(README.md)" in KOREAN
