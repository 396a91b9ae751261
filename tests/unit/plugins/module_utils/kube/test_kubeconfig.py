"""Tests of ``kube.kubeconfig``."""

from __future__ import annotations

import json

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.kubeconfig import (
    content_of,
    current_context,
    documents,
    impersonated,
)

CONTEXTS = [
    {"name": "lab", "context": {"user": "me"}},
    {"name": "other", "context": {"user": "you"}},
]
USER = {
    "as": "robot", "as-uid": "7", "as-groups": ["a", "b"], "as-user-extra": {"example.com/x": ["1", "2"]},
}  # fmt: skip


def test_the_first_file_that_names_a_context_decides(tmp_path):
    for name, content in (
        ("a", {}),
        ("b", {"current-context": "lab"}),
        ("c", {"current-context": "x"}),
    ):
        (tmp_path / name).write_text(json.dumps(content))
    (tmp_path / "broken").write_text("a: [")
    paths = [str(tmp_path / name) for name in ("none", "broken", "a", "b", "c")]
    assert current_context(documents(paths)) == "lab"
    assert current_context([]) is None


def test_everything_that_a_user_impersonates():
    document = {
        "current-context": "lab",
        "contexts": CONTEXTS,
        "users": [{"name": "me", "user": USER}],
    }
    assert impersonated([document], None) == [
        ("Impersonate-User", "robot"),
        ("Impersonate-Uid", "7"),
        ("Impersonate-Group", "a"),
        ("Impersonate-Group", "b"),
        ("Impersonate-Extra-example.com%2Fx", "1"),
        ("Impersonate-Extra-example.com%2Fx", "2"),
    ]
    assert impersonated([document], "other") == []
    assert impersonated([], None) == []


def test_the_content_is_a_mapping_or_its_text_and_a_path_has_none():
    assert content_of({"a": 1}) == content_of('{"a": 1}') == content_of("a: 1\n") == {"a": 1}
    assert content_of("~/.kube/config") is None and content_of(None) is None


@pytest.mark.parametrize("text", ["token: hunter2\n- {", "- hunter2\n", "{hunter2"])
def test_the_error_of_a_broken_text_has_no_part_of_it(text):
    with pytest.raises(ValueError, match="kubeconfig: its text is not") as caught:
        content_of(text)
    assert "hunter2" not in str(caught.value)
