"""Tests of ``slipway.module_pages``; the pages themselves are compared in tests/lint."""

import pytest

from slipway.module_pages import _options, _text


@pytest.mark.parametrize(
    ("markup", "markdown"),
    [
        ("O(apps[].serve.url) is V(x)", "`apps[].serve.url` is `x`"),
        ("M(slipway.lab.node) drains", "[slipway.lab.node](node.md) drains"),
        ("M(ansible.builtin.copy) copies", "`ansible.builtin.copy` copies"),
        ("the lookup P(ansible.builtin.template#lookup)", "the lookup `ansible.builtin.template`"),
        ("a value (in parentheses)", "a value (in parentheses)"),
        ("E(KUBECONFIG), C(~/.kube/config)", "`KUBECONFIG`, `~/.kube/config`"),
    ],
)
def test_markup_becomes_markdown(markup, markdown):
    assert _text(markup) == markdown


def test_suboptions_follow_their_option():
    size = {"type": "str", "description": ["Size | amount."], "choices": ["a", "b"]}
    volumes = {
        "type": "list",
        "elements": "dict",
        "description": "V.",
        "suboptions": {"size": size},
    }
    name = {"type": "str", "required": True, "description": ["Name."]}
    assert list(_options({"volumes": volumes, "name": name}, "")) == [
        "| `name` | str | required | Name. |",
        "| `volumes` | list of dict |  | V. |",
        "| `volumes[].size` | str |  | Size \\| amount. One of `a`, `b`. |",
    ]
