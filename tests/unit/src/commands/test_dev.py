"""Tests of ``slipway.commands.dev``."""

import json

import pytest

from slipway.commands import dev
from slipway.exit_codes import ExitCode


@pytest.fixture
def app(tmp_path):
    (tmp_path / "app").mkdir()
    (tmp_path / "app/Dockerfile").write_text("FROM scratch\n")
    return tmp_path / "app"


@pytest.fixture
def played(command, monkeypatch):
    """The variables of each pass; ``played.codes`` are their exit codes."""
    command.make()

    class Played(list):
        codes: list = []

    runs = Played()

    def converge(name, playbooks, preflight, choice, given, result_file):
        assert (name, playbooks, result_file) == ("dev", ("dev",), "dev.json") and not preflight
        runs.append(json.loads(choice.extra_vars[-1]))
        return runs.codes.pop(0) if runs.codes else ExitCode.OK

    monkeypatch.setattr(dev, "converge", converge)
    return runs


@pytest.fixture
def followed(monkeypatch):
    """The files of each watch, which does two passes."""
    done = []

    def follow(project, paths, play):
        assert project.state.name == "fixture"
        done.append(sorted(path.name for path in paths()))
        play()
        return play()

    monkeypatch.setattr("slipway.run.development.follow", follow)
    return done


def test_one_pass_gets_the_options_as_variables(command, played, app, tmp_path):
    words = (
        "--name",
        "web",
        "-n",
        "shop",
        "--port",
        "80",
        "--port",
        "81",
        "--manifests",
        str(tmp_path),
    )
    assert command("dev", str(app), "--once", *words).exit_code == 0
    assert command("dev", str(app), "--once", "--remove").exit_code == 0
    assert command("dev", str(app), "--check").exit_code == 0
    first = {"dev_directory": str(app), "dev_name": "web", "dev_namespace": "shop", "dev_ports": [80, 81],
             "dev_manifests": str(tmp_path), "dev_state": "present"}  # fmt: skip
    assert played == [
        first,
        {"dev_directory": str(app), "dev_state": "absent"},
        {"dev_directory": str(app), "dev_state": "present"},
    ]


def test_changes_are_followed(command, played, followed, app):
    (app / ".dockerignore").write_text("*.log\n")
    (app / "b.log").touch()
    done = command("dev", str(app), "--name", "web")
    assert done.exit_code == 0, done.output
    assert followed == [
        [".dockerignore", ".dockerignore", "Dockerfile", "Dockerfile", "Dockerfile.dockerignore"]
    ]
    assert f"Remove it: ./slipway dev {app} --once --remove --name web\n" in done.stdout
    assert [one["dev_state"] for one in played] == ["present", "present"]


def test_the_application_can_go_at_the_end(command, played, followed, app, tmp_path):
    (tmp_path / "m.yml").touch()
    done = command("dev", str(app), "--remove", "--manifests", str(tmp_path / "m.yml"))
    assert done.exit_code == 0 and "m.yml" in followed[0] and "Remove it" not in done.stdout
    assert [one["dev_state"] for one in played] == ["present", "present", "absent"]


def test_the_code_of_an_interrupted_pass_is_kept(command, played, followed, app):
    for flags in ([], ["--remove"]):
        played.codes = [ExitCode.OK, ExitCode.INTERRUPTED]
        assert command("dev", str(app), *flags).exit_code == ExitCode.INTERRUPTED


def test_wrong_usage_starts_nothing(command, played, followed, tmp_path):
    done = command("dev", str(tmp_path))
    assert done.exit_code == 2 and "no Containerfile or Dockerfile" in done.stderr
    assert command("dev", str(tmp_path), "--json").exit_code == 2
    assert command("dev", str(tmp_path / "no-such")).exit_code == 2
    assert not played


def test_without_a_lab_nothing_is_done(command, app):
    assert command("dev", str(app), "--once").exit_code == 4
