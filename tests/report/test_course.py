"""The course pages in a real browser."""

import contextlib
import re
import time
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from slipway.course.pages import write_course
from slipway.course.preview import Preview
from slipway.course.state import read_state
from slipway.lab.project import locate
from slipway.launcher import CommandLine
from slipway.lessons.catalogue import lessons
from slipway.lessons.own_lessons import write_template
from slipway.lessons.practice_state import practice_folder
from support.browser import RUN_AXE, SETTLE, WIDE
from support.practice import make_scene
from support.serving import serving

LINES = CommandLine(launcher="./slipway")
PROJECT = Path(__file__).resolve().parents[1] / "fixtures/project"


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """The pages of all lessons, without a lab."""
    target = tmp_path_factory.mktemp("course")
    home = str(tmp_path_factory.mktemp("home"))
    project = locate(environ={"SLIPWAY_PROJECT": str(locate().root), "HOME": home})
    write_course(project, LINES, target)
    return target


@pytest.mark.parametrize(
    "page", ["en/index.html", "ko/index.html", "en/tutorial.html", "ko/tutorial.html"]
)
@pytest.mark.parametrize(("width", "dark"), [(390, True), (1440, False)])
def test_pages_fit_and_have_no_faults(course, browser, axe, page, width, dark):
    browser.open((course / page).as_uri(), width, dark)
    browser.run("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert browser.run(WIDE) <= width
    browser.run(axe)
    assert browser.run(RUN_AXE) == []
    assert browser.problems == []


def test_ids_are_there_once(course, browser):
    for page in course.rglob("*.html"):
        ids = re.findall(r' id="([^"]+)"', page.read_text())
        assert len(ids) == len(set(ids)), page


def test_the_search_finds_tasks(course, browser):
    browser.open((course / "en/index.html").as_uri(), 1440)
    shown = (
        "[...document.querySelectorAll('ol.lessons li:not([hidden]) a')].map(one => one.innerText)"
    )
    assert len(browser.run(shown)) == len(lessons(locate()))
    browser.run("""
      search.value = 'Undo an update'; search.dispatchEvent(new Event('input'))""")
    assert browser.run(shown) == ["Hello Minikube, Kubernetes Basics"]
    browser.run("search.value = 'zzz'; search.dispatchEvent(new Event('input'))")
    assert "Nothing was found." in browser.run("document.body.innerText")


def test_every_command_has_a_button_that_copies_it(course, browser):
    browser.open((course / "en/tutorial.html").as_uri(), 1440)
    counts = browser.run("""
      [document.querySelectorAll('figure.command').length,
       document.querySelectorAll('figure.command button').length]""")
    assert counts[0] == counts[1] > 10
    copied = browser.run("""
      new Promise(resolve => {
        navigator.clipboard.writeText = text => { resolve(text); return Promise.resolve(); };
        document.querySelector('figure.command button').click();
      })""")
    assert copied == './slipway lesson start tutorial\neval "$(./slipway lesson env)"'


def test_a_preview_follows_its_author(tmp_path, browser, axe):
    project = locate(environ={"SLIPWAY_PROJECT": str(PROJECT), "HOME": str(tmp_path)})
    write_template(tmp_path / "mine")
    pages = tmp_path / "pages"
    shown = Preview(project, LINES, tmp_path / "mine", "mine", pages, lambda problems: None)
    with serving(pages, shown.state) as server:
        browser.open(f"{server.url}/en/index.html", 1440)
        (tmp_path / "mine/tasks.yml").write_text("tasks: {no-text: {}}\n")
        shows_mistakes = partial(browser.run, "document.getElementById('problems') !== null")
        end = time.monotonic() + 30
        seen = False
        while not seen and time.monotonic() < end:
            time.sleep(0.2)
            with contextlib.suppress(AssertionError):  # the page loads again
                seen = shows_mistakes()
        assert seen
        browser.run(axe)
        assert browser.run(RUN_AXE) == []
        assert browser.problems == []


@pytest.fixture
def served(tmp_path):
    """A server of the pages of ``demo``, which was started; and the file that its tasks write."""
    environ = {"SLIPWAY_PROJECT": str(PROJECT), "HOME": str(tmp_path)}
    project = locate(environ=environ)
    made = make_scene(tmp_path / "bin", practice_folder(project))
    scene = replace(
        made, values={**made.values, "lesson": "demo", "node_port": 1, "url": "http://a:1"}
    )
    scene.save(practice_folder(project))
    write_course(project, LINES, tmp_path / "course")
    with serving(tmp_path / "course", lambda: read_state(project, LINES)) as server:
        yield server.url, Path(scene.values["file"])


def test_marks_follow_the_work(served, browser):
    address, file = served
    browser.open(f"{address}/en/demo.html", 1440)
    assert browser.run(SETTLE % "document.querySelector('#write-sum .failed')")
    assert browser.run(SETTLE % "document.querySelector('#write-sum.current')")
    file.write_text("4")
    assert browser.run(SETTLE % "document.querySelector('#write-sum .passed')")
    assert browser.problems == []
