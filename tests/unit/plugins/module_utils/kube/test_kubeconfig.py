"""Tests of ``kube.kubeconfig``."""

from __future__ import annotations

import json

from ansible_collections.slipway.lab.plugins.module_utils.kube.kubeconfig import (
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
