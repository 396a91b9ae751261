"""Tests of ``slipway.commands.image``."""

import json

import pytest

from support.json_document import read_document

WEB = {"id": "sha256:0123456789abcdef", "names": ["docker.io/web:1"], "digests": [], "bytes": 5,
       "nodes": ["minikube"], "host": "lab1"}  # fmt: skip


@pytest.fixture
def played(monkeypatch):
    """The variables that the playbook would get."""
    runs = []

    def converge(command, playbooks, preflight, choice, given):
        assert playbooks == ("images",) and not preflight
        runs.append((json.loads(choice.extra_vars[-1]), given))
        return 0

    monkeypatch.setattr("slipway.commands.converge.converge", converge)
    return runs


def test_sources_are_files_or_names_of_images(command, played, tmp_path):
    command.make()
    archive = tmp_path / "web.tar"
    archive.touch()
    done = command("image", "load", str(archive), "shop/web:v1", "--check", "-v", "--json")
    assert done.exit_code == 0
    variables, given = played[0]
    assert variables == {"images_archives": [str(archive)], "images_saved": ["shop/web:v1"]}
    assert given["check"] and given["as_json"] and given["verbose"] == 1 and not given["diff"]


@pytest.mark.parametrize("name", ["./shop", "/no/such", "shop.tar", "shop.tar.gz"])
def test_a_missing_file_is_not_taken_for_an_image(command, played, name):
    command.make()
    done = command("image", "load", name)
    assert done.exit_code == 2 and "is not a file" in done.stderr and played == []


def test_a_directory_is_built(command, played, tmp_path):
    command.make()
    words = ("-t", "web:dev", "-f", "Other", "--build-arg", "A=b=c")
    assert command("image", "build", str(tmp_path), *words).exit_code == 0
    assert played[0][0] == {
        "images_context": str(tmp_path), "images_tag": "web:dev", "images_containerfile": "Other",
        "images_build_args": {"A": "b=c"},
    }  # fmt: skip
    wrong = command("image", "build", str(tmp_path), "-t", "x", "--build-arg", "A")
    assert wrong.exit_code == 2 and "NAME=VALUE" in wrong.stderr
    assert command("image", "build", str(tmp_path)).exit_code == 2


def test_images_are_removed(command, played):
    command.make()
    assert command("image", "rm", "a", "b").exit_code == 0
    assert played[0][0] == {"images_absent": ["a", "b"]}


def test_images_are_listed(command, monkeypatch):
    state = command.make()
    trouble = []

    def read(project, playbook, extra_vars, verbose, as_json):
        if not trouble:
            (state / "images.json").write_text(json.dumps({"images": [WEB]}))
        return "".join(trouble)

    monkeypatch.setattr("slipway.run.reading.run_quietly", read)
    assert "docker.io/web:1   0123456789ab   5 B" in command("image", "list").stdout
    assert read_document("images", command("image", "list", "--json").stdout) == {"images": [WEB]}
    trouble.append("lab1 does not answer")
    done = command("image", "list")
    assert done.exit_code == 1 and "lab1 does not answer" in done.stderr and "status" in done.stderr


def test_without_a_lab_nothing_is_done(command, played):
    for words in (["load", "a"], ["rm", "a"], ["list"]):
        assert command("image", *words).exit_code == 4
    assert played == []
