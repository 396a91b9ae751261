"""Prose stays free of the phrases that ``phrases.yml`` lists."""

from __future__ import annotations

from support import prose


def test_prose_uses_none_of_the_listed_phrases():
    found = [str(finding) for finding in prose.findings(["."])]
    assert found == [], "\n".join(found)
