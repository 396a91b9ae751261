"""The board of a class in a real browser."""

import pytest

from slipway.classroom.page import write_page
from support.browser import RUN_AXE, SETTLE, WIDE
from support.serving import serving


def task(name, state, **more):
    return {"task": name, "puzzle": False, "state": state, "checks": 2, "hints": 1, **more}


@pytest.fixture
def board(tmp_path):
    """The state of the class, and the address of its page."""
    tasks = [task("a", "done"), task("b", "solved"), task("<b>", "open"), task("d", "new")]
    lesson = {"lesson": "tutorial", "current": "<b>", "done": 2, "of": 4, "tasks": tasks}
    state = {
        "class": "math",
        "students": [
            {"student": "student-01", "lessons": [lesson, {**lesson, "lesson": "state"}]},
            {"student": "student-02", "lessons": []},
        ],
    }
    write_page(tmp_path, "math", "./slipway class show math")
    with serving(tmp_path, lambda: state) as server:
        yield state, server.url


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize(("width", "dark"), [(390, True), (1440, False)])
def test_the_page_fits_and_has_no_faults(board, browser, axe, language, width, dark):
    browser.open(f"{board[1]}/{language}/index.html", width, dark)
    assert browser.run(SETTLE % "document.querySelectorAll('#rows tr').length == 3")
    assert browser.run(WIDE) <= width
    browser.run(axe)
    assert browser.run(RUN_AXE) == []
    assert browser.problems == []


def test_the_page_shows_changes(board, browser):
    state, url = board
    browser.open(f"{url}/en/index.html", 1440)
    assert browser.run(SETTLE % "document.querySelector('.marks')?.innerText == '✓*…○'")
    assert browser.run("document.querySelector('#rows tr').innerText").split() == [
        "student-01", "tutorial", "2/4", "✓*…○", "<b>", "2", "1",
    ]  # fmt: skip
    state["students"][0]["lessons"][0]["tasks"][2]["state"] = "done"
    assert browser.run(SETTLE % "document.querySelector('.marks').innerText == '✓*✓○'")
    state["problem"] = "the cluster cannot be read"
    assert browser.run(
        SETTLE % "document.getElementById('problem').innerText.includes('cannot be read')"
    )
