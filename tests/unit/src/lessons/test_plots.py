"""Tests of ``slipway.lessons.plots``."""

from xml.etree import ElementTree

import pytest

from slipway.lessons.plots import INK, draw, embed

ENTRIES = {
    "line": {"p50": [[0, 1], [1, None], [2, 3]], "p95": [[0, 2], [2, 4]]},
    "steps": {"ready": [[0, 4], [2, 3]]},
    "bars": {"a": 1, "b": 2.5},
    "distribution": {"a": [1, 2, 3, 4, 5, 6], "b": []},
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", ENTRIES)
def test_every_kind_is_an_element_of_a_page(kind):
    entry = {"kind": kind, "data": ENTRIES[kind], "unit": "ms", "x_unit": "s", "marks": [[1, "x"]]}
    svg = draw("state-latency", entry, "caption-1")
    root = ElementTree.fromstring(svg)
    assert (root.get("role"), root.get("aria-labelledby")) == ("img", "caption-1")
    assert INK not in svg and "currentColor" in svg
    assert all(one.get("id").startswith("state-latency-") for one in root.iter() if one.get("id"))
    assert draw("state-latency", entry, "caption-1") == svg


def test_ids_and_their_references_stay_together():
    svg = '<?xml?><svg width="1" viewBox="0 0 1 1"><g id="a"/><use xlink:href="#a"/></svg>'
    assert embed(svg, "n", "c") == (
        '<svg viewBox="0 0 1 1" role="img" aria-labelledby="c"><g id="n-a"/><use href="#n-a"/></svg>'
    )
