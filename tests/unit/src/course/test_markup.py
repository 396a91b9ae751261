"""Tests of ``slipway.course.markup``."""

import pytest

from slipway.course.markup import Markdown


@pytest.fixture
def markdown(lines):
    return Markdown("en", lines, "lab1")


def test_commands_have_the_place_where_they_are_typed(markdown):
    page = markdown.block("Type:\n\n```sh\necho <a>\n```\n\n```host\ndocker ps\n```\n")
    assert "<figcaption>In your terminal:</figcaption>" in page
    assert "<code>echo &lt;a&gt;</code>" in page
    assert "On the host, as root (./slipway shell lab1 --lab two -- sudo -i):" in page


def test_other_blocks_are_no_commands(markdown):
    assert "figure" not in markdown.block("```yaml\na: 1\n```\n")


def test_html_of_a_text_is_shown_and_not_used(markdown):
    assert "<script>" not in markdown.inline("<script>alert(1)</script> `<registry>`")
    assert "<code>&lt;registry&gt;</code>" in markdown.inline("`<registry>`")
