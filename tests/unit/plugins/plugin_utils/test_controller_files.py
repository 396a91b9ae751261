"""Names are looked up beside the role, the tasks and the playbook, in Ansible's order."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.plugin_utils.controller_files import (
    ControllerFiles,
    InputError,
    manifests_below,
)


def write(path, text="x: 1\n"):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return str(path)


@pytest.fixture
def files(tmp_path):
    search = [tmp_path / "roles/web", tmp_path / "roles/web/tasks", tmp_path]
    return ControllerFiles([str(path) for path in search])


def test_the_role_comes_before_the_playbook(files, tmp_path):
    write(tmp_path / "manifests/a.yml")
    mine = write(tmp_path / "roles/web/manifests/a.yml")
    assert files.find("a.yml", ("manifests",)) == [mine]


def test_folders_come_in_their_order_and_before_the_place_itself(files, tmp_path):
    last = write(tmp_path / "a.yml")
    assert files.find("a.yml", ("manifests", "files")) == [last]
    second = write(tmp_path / "files/a.yml")
    assert files.find("a.yml", ("manifests", "files")) == [second]
    first = write(tmp_path / "manifests/a.yml")
    assert files.find("a.yml", ("manifests", "files")) == [first]


def test_a_name_with_its_folder_is_found_too(files, tmp_path):
    mine = write(tmp_path / "manifests/a.yml")
    assert files.find("manifests/a.yml", ("manifests",)) == [mine]


def test_a_task_file_only_in_a_directory_of_tasks(tmp_path):
    mine = write(tmp_path / "web/manifests/a.yml")
    files = ControllerFiles([str(tmp_path / "web/tasks")])
    assert files.find("a.yml", ("manifests",)) == [mine]


def test_globs_match_files_in_order(files, tmp_path):
    names = [write(tmp_path / f"manifests/{name}.yml") for name in ("a", "b")]
    (tmp_path / "manifests/c.yml").mkdir()
    assert files.find("*.yml", ("manifests",)) == names


def test_a_name_with_brackets_that_exists_is_no_glob(files, tmp_path):
    mine = write(tmp_path / "a[1].yml")
    assert files.find("a[1].yml", ()) == [mine]


def test_absolute_paths_and_nothing(files, tmp_path):
    mine = write(tmp_path / "far/a.yml")
    assert files.find(mine, ("manifests",)) == [mine]
    assert files.find("/does/not/exist.yml", ("manifests",)) == []
    assert files.find("absent.yml", ("manifests",)) == []


def test_what_is_required_and_missing_names_the_places(files, tmp_path):
    with pytest.raises(InputError) as caught:
        files.require("absent.j2", ("templates",), "manifests[0].template")
    assert "manifests[0].template: there is no 'absent.j2' on the controller" in str(caught.value)
    assert str(tmp_path / "roles/web/templates/absent.j2") in str(caught.value)


def test_manifests_of_a_directory(tmp_path):
    names = [write(tmp_path / name) for name in ("a.yml", "b.JSON", "c.yaml")]
    write(tmp_path / "notes.txt")
    assert manifests_below(str(tmp_path)) == names
    assert manifests_below(names[0]) == [names[0]]
