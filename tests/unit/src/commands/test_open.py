"""The command `open`: which pages there are, and which one is meant."""

import json

import pytest
from click.testing import CliRunner

from slipway.cli import main
from support.json_document import read_document

PAGES = [
    {"name": "Lab", "url": "http://127.213.0.1:5090/"},
    {"name": "App", "url": "http://10.213.0.11:30080/"},
    {"name": "Logs", "url": "http://10.213.0.11:30081/"},
]


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run `open` on a lab with these pages; what a browser was sent to is in ``launched``."""
    launched = []
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setattr("click.launch", launched.append)

    def run(*arguments, pages=PAGES):
        state = tmp_path / "slipway/default"
        state.mkdir(parents=True, exist_ok=True)
        (state / "report.json").write_text(json.dumps({"pages": pages}))
        return CliRunner().invoke(main, ["open", *arguments])

    run.launched = launched
    return run


def test_pages_are_listed(run):
    done = run()
    assert done.exit_code == 0
    assert [line.split() for line in done.output.splitlines()] == [
        [p["name"], p["url"]] for p in PAGES
    ]
    assert read_document("pages", run("--json").output) == {"pages": PAGES}
    assert run.launched == []


def test_a_page_is_opened_by_the_beginning_of_its_name(run):
    done = run("app")
    assert done.exit_code == 0 and done.output.strip() == PAGES[1]["url"]
    assert run.launched == [PAGES[1]["url"]]


@pytest.mark.parametrize(
    ("name", "said"), [("l", "several pages: Lab, Logs"), ("x", "no page: Lab, App, Logs")]
)
def test_a_name_must_mean_one_page(run, name, said):
    done = run(name)
    assert done.exit_code == 2 and said in done.output and run.launched == []


def test_without_a_lab_there_is_none(run):
    assert run(pages=[]).exit_code == 1
    assert read_document("pages", run("--json", pages=[]).output) == {"pages": []}
