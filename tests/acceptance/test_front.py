"""The lab's page: on loopback only, live, without an error in a real browser."""

import subprocess
import urllib.error
import urllib.request

import pytest

from support.browser import Browser

pytestmark = pytest.mark.long
URL = "http://127.213.77.1:5090"


@pytest.fixture(scope="module")
def served(lab, slipway):
    """The lab with its page, which it may have from an earlier test."""
    return slipway.json("up", "--with", "registry")


def status(path, method="GET", **headers):
    request = urllib.request.Request(URL + path, method=method, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


def test_pages_are_told(served, slipway):
    pages = slipway.json("open")["pages"]
    assert [page["name"] for page in pages] == ["Lab", "App", "Report"]
    assert pages[0]["url"] == f"{URL}/"
    assert pages == served["pages"]
    listed = slipway.run("open")
    assert listed.returncode == 0 and served["app"]["url"] in listed.stdout


def test_page_answers_reads_and_nothing_else(served):
    assert status("/") == 200
    assert status("/live/nodes") == 200
    assert status("/live/nodes", "DELETE") == 403
    for path in ("/live/secrets", "/live/nodes/minikube", "/api/v1/secrets", "/../client.key"):
        assert status(path) in (400, 404)


def test_page_of_another_name_gets_nothing(served):
    assert status("/live/nodes", Host="evil.example") == 421


@pytest.mark.parametrize(("width", "dark"), [(390, True), (1440, False)])
def test_browser_shows_the_lab_without_a_complaint(served, width, dark):
    with Browser() as browser:
        browser.open(f"{URL}/", width, dark, "document.querySelector('#nodes tr')")
        state = browser.run("document.getElementById('state').textContent")
        nodes = browser.run("[...document.querySelectorAll('#nodes th')].map(e => e.textContent)")
        links = browser.run("[...document.querySelectorAll('#pages a')].map(e => e.href)")
        overflow = browser.run("document.documentElement.scrollWidth - window.innerWidth")
    count = len(served["nodes"])
    assert f"{count} of {count} nodes ready" in state
    assert sorted(nodes) == sorted(node["name"] for node in served["nodes"])
    assert links == [served["app"]["url"], f"{URL}/report.html"]
    assert overflow <= 0
    assert browser.problems == []


def test_page_says_so_when_the_cluster_does_not_answer(served, slipway):
    ssh = ["ssh", "-F", str(slipway.state / "ssh/config"), "lab1", "sudo", "docker"]
    subprocess.run([*ssh, "pause", "minikube"], check=True, capture_output=True)
    try:
        with Browser() as browser:
            said = "document.getElementById('state')?.textContent.includes('does not answer')"
            browser.open(f"{URL}/", 1440, until=said)
    finally:
        subprocess.run([*ssh, "unpause", "minikube"], check=True, capture_output=True)
