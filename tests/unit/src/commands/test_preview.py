"""Tests of ``slipway.commands.preview``."""

import shutil

import pytest
from click.testing import CliRunner

from slipway.commands import preview
from slipway.lessons.own_lessons import TEMPLATE


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Runs the command; ``run.served`` has what was served."""
    monkeypatch.setenv("HOME", str(tmp_path))
    served = []

    def serve(folder, read, **given):
        page = (folder / "en/index.html").read_text()
        served.append((page, read()["version"], given["no_browser"]))

    monkeypatch.setattr(preview, "serve_pages", serve)

    def invoke(*words):
        return CliRunner().invoke(preview.preview, words)

    invoke.served = served
    return invoke


def test_a_lesson_outside_the_checkout_is_served(run, tmp_path):
    shutil.copytree(TEMPLATE, tmp_path / "my_lesson")
    done = run(str(tmp_path / "my_lesson"), "--no-browser")
    assert (done.exit_code, done.output) == (0, "no mistakes\n")
    ((page, version, no_browser),) = run.served
    assert 'data-lesson="my-lesson"' in page and version == 1 and no_browser


def test_mistakes_are_printed(run, tmp_path):
    shutil.copytree(TEMPLATE, tmp_path / "mine")
    (tmp_path / "mine/ko.md").unlink()
    assert "ko.md: missing" in run(str(tmp_path / "mine")).output


def test_an_unknown_lesson_is_refused(run, tmp_path):
    assert run(str(tmp_path / "nothing")).exit_code and not run.served
