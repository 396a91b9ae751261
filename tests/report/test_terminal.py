"""The terminal of a course page in a real browser, with xterm.js from npm."""

import dataclasses
import json
import subprocess
from pathlib import Path

import pytest

from slipway.course.pages import write_course
from slipway.course.terminals import Terminals
from slipway.course.xterm import load_xterm
from slipway.errors import SlipwayError
from slipway.lab.project import locate
from slipway.launcher import CommandLine
from slipway.lessons.practice_state import practice_folder, shell_environment
from support.browser import RUN_AXE, SETTLE, WIDE
from support.practice import calls, make_scene
from support.serving import serving

LINES = CommandLine(launcher="./slipway")
PROJECT = Path(__file__).resolve().parents[1] / "fixtures/project"
TOGGLE = "document.querySelector('#terminal button')"
SHOWN = "document.querySelector('.xterm-rows')?.innerText"
STATUS = "document.querySelector('#terminal [role=status]').innerText"
# The lowest contrast of text in the terminal: WCAG's formula.
CONTRAST = """
(() => {
  const light = colour => {
    const parts = colour.match(/[0-9.]+/g).slice(0, 3).map(one => one / 255)
      .map(one => one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4);
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
  };
  const panel = getComputedStyle(document.getElementById('terminal-screen')).backgroundColor;
  return Math.min(...[...document.querySelectorAll('.xterm-rows span')].filter(
    one => one.innerText.startsWith('colour')).map(one => {
      const {color, backgroundColor} = getComputedStyle(one);
      const pair = [color, backgroundColor === 'rgba(0, 0, 0, 0)' ? panel : backgroundColor].map(light);
      return (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
    }));
})()
"""


def read_state():
    return {"lesson": None, "task": None, "checks": [], "lessons": {}}


@pytest.fixture(scope="session")
def cache(tmp_path_factory):
    """A cache, in which the first test keeps xterm.js."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A student's home, whose settings name a cluster that is not the lab's."""
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".bashrc").write_text("PS1='ready> '\nexport KUBECONFIG=/production\n")
    return tmp_path


@pytest.fixture
def served(home, cache):
    """The address of the pages of ``demo``, which was started; and the directory of its kubectl."""
    project = locate(environ={"SLIPWAY_PROJECT": str(PROJECT), "HOME": str(home)})
    make_scene(home / "bin", practice_folder(project))
    write_course(project, LINES, home / "course", live=True)
    files = dataclasses.replace(locate(), cache=cache)
    terminals = Terminals(lambda: load_xterm(files), lambda: shell_environment(project))
    with serving(home / "course", read_state, terminals=terminals) as server:
        yield server.url, home / "bin"


def open_terminal(browser, address, width=1440, dark=False):
    browser.open(f"{address}/en/demo.html", width, dark, until=f"!{TOGGLE}.closest('[hidden]')")
    browser.run(f"{TOGGLE}.click()")
    assert browser.run(SETTLE % f"{SHOWN}?.includes('ready>')"), browser.run(STATUS)


def press(browser, key, code=0, modifiers=0, **more):
    named = {"key": key, "windowsVirtualKeyCode": code, "modifiers": modifiers, **more}
    browser.call("Input.dispatchKeyEvent", type="keyDown", **named)
    browser.call("Input.dispatchKeyEvent", type="keyUp", **named)


def type_line(browser, line):
    for key in line:
        browser.call("Input.dispatchKeyEvent", type="char", text=key)
    press(browser, "Enter", 13, text="\r")


def shows(browser, text):
    return browser.run(SETTLE % f"{SHOWN}.includes({json.dumps(text)})")


def test_a_command_runs_as_on_the_page(served, browser):
    address, folder = served
    open_terminal(browser, address)
    type_line(browser, "kubectl get pods; echo seen:$KUBECONFIG:$((40+2))")
    assert shows(browser, f"seen:{folder}/kubeconfig:42"), browser.run(SHOWN)
    assert "get pods" in calls(folder)
    assert browser.problems == []


def test_it_has_the_size_of_the_window(served, browser):
    open_terminal(browser, served[0])
    long = f"echo {'x' * 100}"
    type_line(browser, long)
    assert shows(browser, f"ready> {long}\n{'x' * 100}\n"), browser.run(SHOWN)
    type_line(browser, "stty size")
    rows = browser.run("document.querySelector('.xterm-rows').children.length")
    assert shows(browser, f"\n{rows} "), browser.run(SHOWN)
    size = {"width": 800, "height": 500, "deviceScaleFactor": 1, "mobile": False}
    browser.call("Emulation.setDeviceMetricsOverride", **size)
    fewer = f"document.querySelector('.xterm-rows').children.length < {rows}"
    assert browser.run(SETTLE % fewer)
    rows = browser.run("document.querySelector('.xterm-rows').children.length")
    type_line(browser, "clear; stty size")
    assert shows(browser, f"{rows} "), browser.run(SHOWN)


@pytest.mark.parametrize(("width", "dark"), [(390, True), (1440, False), (1440, True)])
def test_it_fits_has_contrast_and_no_faults(served, browser, axe, width, dark):
    open_terminal(browser, served[0], width, dark)
    type_line(
        browser,
        r"for c in {0..255}; do printf '\e[38;5;%smcolour\e[0m ' $c; done; "
        r"printf '\e[7mcolour reversed\e[0m\n'; echo fini''shed",
    )
    assert shows(browser, "finished")
    assert browser.run(CONTRAST) >= 4.5
    assert browser.run(WIDE) <= width
    browser.run(axe)
    assert browser.run(RUN_AXE) == []
    assert browser.problems == []


def test_the_keyboard_leaves_it_and_a_screen_reader_hears_it(served, browser, axe):
    open_terminal(browser, served[0])
    focus = "document.activeElement.className"
    assert "xterm" in browser.run(focus)
    press(browser, "Tab", 9)
    assert "xterm" in browser.run(focus)
    press(browser, "F6", 117, modifiers=8)
    assert browser.run(f"document.activeElement === {TOGGLE}")
    browser.run("document.querySelector('#terminal input').click()")
    browser.run("document.querySelector('.xterm textarea').focus()")
    type_line(browser, "echo he''ard")
    heard = "document.querySelector('.xterm-accessibility')?.innerText.includes('heard')"
    assert browser.run(SETTLE % heard)
    browser.run(axe)
    assert browser.run(RUN_AXE) == []


def test_much_output_can_be_interrupted(served, browser):
    open_terminal(browser, served[0])
    type_line(browser, "yes")
    assert shows(browser, "y\ny\ny\n")
    press(browser, "c", 67, modifiers=2)
    type_line(browser, "clear; echo en''ded")
    assert shows(browser, "ended")


def test_a_shell_that_ended_is_replaced(served, browser):
    open_terminal(browser, served[0])
    type_line(browser, "exit")
    assert browser.run(SETTLE % f"{STATUS}.includes('Enter starts a new one')"), browser.run(STATUS)
    press(browser, "Enter", 13, text="\r")
    assert browser.run(SETTLE % f"{STATUS} === ''")
    type_line(browser, "echo ag''ain")
    assert shows(browser, "again")
    assert browser.problems == []


def test_the_shell_ends_with_the_page(served, browser):
    open_terminal(browser, served[0])
    type_line(browser, "echo pid=$$.")
    assert shows(browser, "pid=") and browser.run(SETTLE % f"/pid=[0-9]+[.]/.test({SHOWN})")
    shell = browser.run(f"{SHOWN}.match(/pid=([0-9]+)[.]/)[1]")
    assert subprocess.run(["ps", "-p", shell], stdout=subprocess.DEVNULL).returncode == 0
    browser.open(f"{served[0]}/en/index.html", 1440)
    script = f"for i in $(seq 100); do kill -0 {shell} || exit 0; sleep 0.1; done; exit 1"
    assert subprocess.run(["sh", "-c", script], stderr=subprocess.DEVNULL).returncode == 0


def test_the_page_says_why_there_is_none(home, browser, axe):
    project = locate(environ={"SLIPWAY_PROJECT": str(PROJECT), "HOME": str(home)})
    write_course(project, LINES, home / "course", live=True)

    def load():
        raise SlipwayError("npm could not fetch it", "run: npm pack")

    with serving(home / "course", read_state, terminals=Terminals(load, dict)) as server:
        browser.open(f"{server.url}/ko/demo.html", 390)
        browser.run(f"{TOGGLE}.click()")
        wanted = "터미널을 쓸 수 없습니다: npm could not fetch it (run: npm pack)"
        assert browser.run(SETTLE % f"{STATUS} === {json.dumps(wanted)}"), browser.run(STATUS)
        assert browser.run(WIDE) <= 390
        browser.run(axe)
        assert browser.run(RUN_AXE) == []
        assert browser.problems == []
