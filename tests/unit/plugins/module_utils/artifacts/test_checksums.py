"""Checksums of files and trees."""

import hashlib

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.artifacts.checksums import (
    file_sha256,
    input_digest,
    tree_sha256,
    tree_stamps,
)


@pytest.fixture
def tree(tmp_path):
    def make(name):
        folder = tmp_path / name
        (folder / "etc").mkdir(parents=True)
        (folder / "etc/conf").write_text("a = b\n")
        (folder / "run").write_text("#!/bin/sh\n")
        (folder / "run").chmod(0o755)
        (folder / "link").symlink_to("etc/conf")
        return folder

    return make


def test_a_file_is_its_sha256(tmp_path):
    (tmp_path / "file").write_text("text")
    digest = hashlib.sha256(b"text").hexdigest()
    assert file_sha256(tmp_path / "file") == input_digest(tmp_path / "file") == digest
    assert tree_sha256(tmp_path / "file") == {"file": digest}


def test_a_tree_lists_its_files_below_its_own_name(tree):
    assert sorted(tree_sha256(tree("root"))) == ["root/etc/conf", "root/run"]


def test_a_missing_tree_is_an_error(tmp_path):
    for function in (tree_sha256, tree_stamps, input_digest):
        with pytest.raises(FileNotFoundError):
            function(tmp_path / "missing")


def test_the_same_tree_elsewhere_has_the_same_digest(tree):
    one, two = tree("one"), tree("two")
    (two / "etc/conf").chmod(0o600)  # another umask
    assert input_digest(one) == input_digest(two)


@pytest.mark.parametrize(
    "change",
    [
        lambda root: (root / "etc/conf").write_text("a = c\n"),
        lambda root: (root / "etc/conf").rename(root / "etc/other"),
        lambda root: (root / "etc/more").write_text(""),
        lambda root: (root / "run").chmod(0o644),
        lambda root: ((root / "link").unlink(), (root / "link").symlink_to("run")),
        lambda root: ((root / "link").unlink(), (root / "link").write_text("etc/conf")),
    ],
    ids=["content", "name", "new file", "executable", "target of a link", "link made a file"],
)
def test_what_a_command_can_read_counts(tree, change):
    one, two = tree("one"), tree("two")
    change(two)
    assert input_digest(one) != input_digest(two)


def test_stamps_follow_a_write(tree):
    root = tree("root")
    before = tree_stamps(root)
    (root / "run").write_text("#!/bin/sh\n")
    after = tree_stamps(root)
    assert before["root/run"] != after["root/run"]
    assert before["root/etc/conf"] == after["root/etc/conf"]
