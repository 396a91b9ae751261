"""Tests of ``oci.ignore``."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.oci.ignore import read_ignored


def ignored(folder, text, path):
    (folder / ".dockerignore").write_text(text)
    return read_ignored(folder, folder / "Containerfile")(path)


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        ("node_modules", "node_modules/a/b.js", True),
        ("node_modules", "src/node_modules/b.js", False),
        ("**/node_modules", "src/node_modules/b.js", True),
        ("**/node_modules", "node_modules/b.js", True),
        ("/build/", "build/x", True),
        ("*.log", "a.log", True),
        ("*.log", "logs/a.log", False),
        ("**/*.log", "logs/deep/a.log", True),
        ("temp?", "temp1", True),
        ("temp?", "temp12", False),
        ("[a-c].txt", "b.txt", True),
        ("src/**/test", "src/a/b/test/x", True),
        ("src/**/test", "src/test", True),
        ("docs/**", "docs/a/b", True),
        ("*\n!keep.txt", "keep.txt", False),
        ("*\n!keep.txt", "other.txt", True),
        ("!keep.txt\n*", "keep.txt", True),
        ("# comment\n\n  a  ", "a", True),
        ("a.b", "axb", False),
        (r"a\*", "a*", True),
        (r"a\*", "ab", False),
    ],
)
def test_patterns(tmp_path, text, path, expected):
    assert ignored(tmp_path, text, path) is expected


def test_file_of_the_containerfile_takes_precedence(tmp_path):
    (tmp_path / ".dockerignore").write_text("a")
    (tmp_path / "Containerfile.dockerignore").write_text("b")
    found = read_ignored(tmp_path, tmp_path / "Containerfile")
    assert not found("a") and found("b")


def test_nothing_is_ignored_without_a_file(tmp_path):
    assert not read_ignored(tmp_path, tmp_path / "Containerfile")("a")
