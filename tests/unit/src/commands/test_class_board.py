"""Tests of ``slipway.commands.class_board``."""

import pytest

from support.classroom import class_namespaces, record
from support.json_document import read_document


@pytest.fixture(autouse=True)
def cluster(command, monkeypatch):
    """A lab with the class ``math``."""
    command.make()
    known = {"namespaces": class_namespaces(), "configmaps": [record(**{"log-it": {"began": 1}})]}
    monkeypatch.setattr(
        "slipway.classroom.board.read_objects", lambda project, kind, *words: known[kind]
    )


def test_classes_are_listed(command):
    (row,) = read_document("classes", command("class", "list", "--json").stdout)["classes"]
    assert (row["class"], row["students"]) == ("math", 2)
    assert "math" in command("class", "list").stdout


def test_the_board(command):
    document = read_document("class", command("class", "show", "math", "--json").stdout)
    assert document["students"][0]["lessons"][0]["current"] == "log-it"
    assert "log-it" in command("class", "show", "math").stdout
    assert command("class", "show", "art").exit_code == 2
    assert command("class", "show", "math", "--watch", "--json").exit_code == 2


def test_the_board_is_watched_until_ctrl_c(command, monkeypatch):
    def watch(console, project, name):
        raise KeyboardInterrupt

    monkeypatch.setattr("slipway.classroom.board.watch_class", watch)
    assert command("class", "show", "math", "--watch").exit_code == 0


@pytest.mark.parametrize(("words", "opened"), [(["--lang", "ko"], 1), (["--no-browser"], 0)])
def test_the_board_is_served_until_the_user_ends_it(command, pages, words, opened):
    done = command("class", "page", "math", *words)
    assert done.exit_code == 0 and "http://127.0.0.1:" in done.stdout
    assert len(pages) == opened and all(page.endswith("/ko/index.html") for page in pages)
    assert command("class", "page", "art").exit_code == 2


def test_results_are_verified(command, monkeypatch):
    found = {"class": "math", "time": "now"}
    monkeypatch.setattr("slipway.classroom.results.verify_results", lambda *words: found)
    assert "class math of now" in command("class", "verify", "x", "--signed-by", "key").stdout
    assert '"ok": true' in command("class", "verify", "x", "--signed-by", "key", "--json").stdout
