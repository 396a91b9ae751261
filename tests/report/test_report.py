"""The report in a real browser, and what programs get."""

import json
import re
import subprocess
from xml.etree import ElementTree

import pytest

from slipway.lab.project import locate

WIDE = "document.documentElement.scrollWidth"
SEEN = "document.body.innerText"
RUN_AXE = """
axe.run().then(found => found.violations.map(
  one => one.id + ': ' + one.nodes.map(node => node.html.slice(0, 160)).slice(0, 3).join(' | ')))
"""


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [390, 1440])
def test_page_fits_and_has_no_errors(report, browser, axe, width, dark):
    browser.open(report.as_uri(), width, dark)
    assert browser.run(WIDE) <= width
    browser.run("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert browser.run(WIDE) <= width
    browser.run(axe)
    assert browser.run(RUN_AXE) == []
    assert browser.problems == []


def test_language_is_switched_in_the_page(report, browser):
    browser.open(report.as_uri(), 1440)
    assert browser.run("document.documentElement.lang") == "en"
    assert not re.search("[가-힣]", browser.run(SEEN).replace("한국어", ""))
    browser.run("document.querySelector('button[data-to=ko]').click()")
    assert browser.run("document.documentElement.lang") == "ko"
    assert re.search("[가-힣]", browser.run("document.title"))
    assert "Results of the lessons" not in browser.run(SEEN)
    assert browser.run("document.querySelector('button[data-to=ko]').ariaPressed") == "true"


def test_language_is_chosen_by_a_flag(environment, tmp_path, browser):
    target = tmp_path / "page.html"
    command = [str(locate().root / "slipway"), "report", "--lang", "ko", "-o", str(target)]
    subprocess.run(command, env=environment, capture_output=True, check=False)
    browser.open(target.as_uri(), 390)
    assert browser.run("document.documentElement.lang") == "ko"
    assert re.search("[가-힣]", browser.run("document.querySelector('h1').innerText"))


def test_page_is_one_file_that_asks_nobody(report):
    text = report.read_text()
    assert not re.search(r"""(?:src|href|action)=["'](?!#|data:)""", text)
    assert "@import" not in text and "url(http" not in text
    assert len(text) < 2_000_000


def test_ids_are_there_once(report, browser):
    browser.open(report.as_uri(), 1440)
    twice = browser.run("""
      (() => { const ids = [...document.querySelectorAll('[id]')].map(one => one.id);
               return ids.filter((one, n) => ids.indexOf(one) !== n) })()""")
    assert twice == []


def test_json_and_junit_tell_the_same(report):
    told = json.loads(report.with_suffix(".json").read_text())["lessons"]
    suites = ElementTree.parse(report.with_suffix(".xml")).getroot().findall("testsuite")
    assert [one["lesson"] for one in told] == [suite.get("name") for suite in suites]
    for lesson, suite in zip(told, suites, strict=True):
        assert lesson["passed"] is False
        cases = {
            case.get("name"): case.find("failure") is None for case in suite.findall("testcase")
        }
        assert cases == {claim["name"]: claim["passed"] for claim in lesson["claims"]}
        assert int(suite.get("failures")) == 1


def test_without_a_lab_there_is_nothing_to_report(environment, tmp_path):
    command = [str(locate().root / "slipway"), "report", "-o", str(tmp_path / "page.html")]
    empty = {**environment, "XDG_STATE_HOME": str(tmp_path / "state")}
    done = subprocess.run(command, env=empty, capture_output=True, text=True, check=False)
    assert done.returncode == 4 and "no lab is up" in done.stderr
    assert not (tmp_path / "page.html").exists()


def test_the_labs_own_page_leads_to_the_newest(environment, tmp_path):
    served = locate(environ=environment).state / "mirror/front/pages"
    served.mkdir(parents=True)
    target = tmp_path / "page.html"
    command = [str(locate().root / "slipway"), "report", "-o", str(target)]
    subprocess.run(command, env=environment, capture_output=True, check=False)
    assert (served / "report.html").read_bytes() == target.read_bytes()
