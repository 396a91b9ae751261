"""Tests of ``slipway.course.server``."""

import http.client
import json
import threading

import pytest

from slipway.course.server import create_server


@pytest.fixture
def server(tmp_path):
    """A server of one page; ``server.reads`` counts how often the state was read."""
    (tmp_path / "en").mkdir()
    (tmp_path / "en/index.html").write_text("<p>page</p>")
    reads = []
    found = create_server(tmp_path, lambda: reads.append(1) or {"task": "한"})
    found.reads = reads
    threading.Thread(target=found.serve_forever, daemon=True).start()
    yield found
    found.shutdown()
    found.server_close()


@pytest.fixture
def get(server):
    def get(path, host=None):
        port = server.server_address[1]
        connection = http.client.HTTPConnection("127.0.0.1", port)
        connection.request("GET", path, headers={"Host": host or f"127.0.0.1:{port}"})
        answer = connection.getresponse()
        return answer.status, answer.read(), dict(answer.getheaders())

    return get


def test_pages_are_served_without_content_of_others(get):
    status, body, headers = get("/en/index.html")
    assert (status, body) == (200, b"<p>page</p>")
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_the_state_is_read_once_for_several_pages(get, server):
    answers = [get("/state.json") for _ in range(5)]
    assert {json.loads(body)["task"] for _, body, _ in answers} == {"한"}
    assert len(server.reads) == 1


def test_a_request_of_another_site_is_refused(get, server):
    assert get("/state.json", "evil.example")[0] == 421
    assert server.reads == []


def test_it_listens_on_loopback_and_lists_nothing(get, server):
    assert server.server_address[0] == "127.0.0.1"
    assert get("/en/../../etc/passwd")[0] == 404
    (server_page, _, _) = get("/nothing.html")
    assert server_page == 404 and get("/")[0] == 404
