"""The tree of the file server: programs by path, each with its checksum."""

import hashlib

from support.upstream import load_tool

release_tree = load_tool("release_tree")


def test_programs_have_their_checksum_beside_them(tmp_path):
    (tmp_path / "kubectl").write_bytes(b"program")
    path = "kubernetes/v1/bin/linux/amd64/kubectl"
    release_tree.write_tree(tmp_path / "out", {path: str(tmp_path / "kubectl")})
    assert (tmp_path / "out" / path).read_bytes() == b"program"
    checksum = (tmp_path / "out" / f"{path}.sha256").read_text()
    assert checksum == hashlib.sha256(b"program").hexdigest()


def test_programs_are_copied_where_a_link_is_impossible(tmp_path, monkeypatch):
    def no_link(source, target):
        raise OSError("Invalid cross-device link")

    monkeypatch.setattr(release_tree.os, "link", no_link)
    (tmp_path / "kubectl").write_bytes(b"program")
    release_tree.write_tree(tmp_path / "out", {"kubectl": str(tmp_path / "kubectl")})
    assert (tmp_path / "out/kubectl").read_bytes() == b"program"
