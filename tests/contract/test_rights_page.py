"""``docs/rights.md`` has the rights that the modules use, of every module that talks to an API server."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.rights_page import earlier, read
from support.rights_recorder import used_rights
from support.rights_scenarios import SCENARIOS

pytestmark = pytest.mark.slow

LIBRARY = Path(__file__).resolve().parents[2] / "library"
GENERATE = "run: PYTHONPATH=src:collections:tests python -m support.rights_page"


def test_every_module_for_clusters_has_a_table():
    modules = {path.stem for path in LIBRARY.glob("*.py") if "kube_auth" in path.read_text()}
    assert modules <= {scenario.module for scenario in SCENARIOS}


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda one: f"{one.module}-{one.name}")
def test_the_page_has_the_rights_that_a_task_uses(scenario):
    page = read()
    listed = page.get((scenario.module, scenario.name), {})
    known = [*listed, *(r for one in earlier(scenario) for r in page[(one.module, one.name)])]
    assert used_rights(scenario) <= set(known), GENERATE
    assert set(listed) <= used_rights(scenario) | waits(listed), GENERATE


def waits(rights) -> set:
    """Return the watches among rights. A fast answer can make them unnecessary."""
    return {right for right in rights if right.verb == "watch"}
