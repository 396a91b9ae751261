"""Tests of ``slipway.lab.yaml_file``."""

from slipway.lab.yaml_file import ONLY_ANSIBLE, load_yaml, read_yaml, variable_files


def test_values_with_a_tag_of_ansible_count_as_templates():
    assert load_yaml("a: !vault |\n  x\nb: 1\n") == {"a": ONLY_ANSIBLE, "b": 1}
    assert load_yaml("a: [") is None


def test_a_file_that_cannot_be_read_is_nothing(tmp_path):
    assert read_yaml(tmp_path / "none.yml") is None
    (tmp_path / "x.yml").write_bytes(b"\xff")
    assert read_yaml(tmp_path / "x.yml") is None


def test_links_to_folders_are_followed(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "real/b.yml").touch()
    (tmp_path / "all").mkdir()
    (tmp_path / "all/a.yaml").touch()
    (tmp_path / "all/notes.md").touch()
    (tmp_path / "all/common").symlink_to(tmp_path / "real")
    found = [str(path.relative_to(tmp_path)) for path in variable_files(tmp_path / "all")]
    assert found == ["all/a.yaml", "all/common/b.yml"]
