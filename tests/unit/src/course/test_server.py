"""Tests of ``slipway.course.server``."""

import http.client
import json
from pathlib import Path

import pytest

from support.serving import serving


@pytest.fixture
def server(tmp_path):
    """A server of one page; ``server.reads`` counts how often the state was read."""
    (tmp_path / "en").mkdir()
    (tmp_path / "en/index.html").write_text("<p>page</p>")
    reads = []
    with serving(tmp_path, lambda: reads.append(1) or {"task": "한"}) as found:
        found.reads = reads
        yield found


@pytest.fixture
def get(server):
    def get(path, host=None):
        connection = http.client.HTTPConnection("127.0.0.1", server.port)
        connection.request("GET", path, headers={"Host": host or f"127.0.0.1:{server.port}"})
        answer = connection.getresponse()
        return answer.status, answer.read(), dict(answer.getheaders())

    return get


def test_pages_are_served_without_content_of_others(get):
    status, body, headers = get("/en/index.html")
    assert (status, body) == (200, b"<p>page</p>")
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'") and "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy and headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_the_state_is_read_once_for_several_pages(get, server):
    answers = [get("/state.json") for _ in range(5)]
    assert {json.loads(body)["task"] for _, body, _ in answers} == {"한"}
    assert len(server.reads) == 1


def test_a_request_of_another_site_is_refused(get, server):
    assert get("/state.json", "evil.example")[0] == 421
    assert server.reads == []


def test_nothing_is_listed_or_served_from_elsewhere(get, server, tmp_path):
    (tmp_path / "link").symlink_to("/etc")
    for path in (
        "/en/",
        "/",
        "/en/../../etc/passwd",
        "/link/passwd",
        "/nothing.html",
        "/terminal.json",
    ):
        assert get(path)[0] in (403, 404), path


def test_it_listens_on_loopback_only(server):
    listening = Path("/proc/net/tcp").read_text() + Path("/proc/net/tcp6").read_text()
    ends = [line.split()[1] for line in listening.splitlines() if line.split()[3] == "0A"]
    assert [end for end in ends if end.endswith(f":{server.port:04X}")] == [
        f"0100007F:{server.port:04X}"
    ]


def test_the_first_page_is_served_at_the_root(get, tmp_path):
    (tmp_path / "index.html").write_text("<p>first</p>")
    assert get("/")[:2] == (200, b"<p>first</p>")
