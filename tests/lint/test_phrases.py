"""Prose stays free of the phrases that ``phrases.yml`` lists."""

from __future__ import annotations

from collections import Counter

import yaml

from support import prose

BUDGET = yaml.safe_load(prose.RULES.read_text(encoding="utf-8")).get("budget", {})


def folder(path: str) -> str:
    """Return the longest folder of the budget that holds a file, or an empty string."""
    return max((name for name in BUDGET if path.startswith(name)), key=len, default="")


def test_prose_uses_none_of_the_listed_phrases():
    found = prose.findings(["."])
    counts = Counter(folder(finding.path) for finding in found)
    over = {name for name, count in counts.items() if count > BUDGET.get(name, 0)}
    shown = [str(finding) for finding in found if folder(finding.path) in over]
    assert not shown, "\n".join(shown)
