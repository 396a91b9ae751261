"""Tests of the lookup ``http_answers``."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler

import pytest
from ansible.errors import AnsibleLookupError

from ansible_collections.slipway.lab.plugins.lookup.http_answers import LookupModule
from support.loopback import LoopbackServer

BOTH = threading.Barrier(2, timeout=5)


class Handler(BaseHTTPRequestHandler):
    """Answers by the path of the request."""

    def answer(self):
        if self.path == "/together":
            BOTH.wait()  # two requests must be open at the same time
        if self.path == "/late":
            self.server.asked += 1
        status = {"/missing": 404, "/broken": 503}.get(self.path, 200)
        if self.path == "/late" and self.server.asked < 2:
            status = 503
        text = f"{self.headers.get('Accept')}".encode()
        self.send_response(status)
        self.send_header("Docker-Content-Digest", "sha256:1")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(text)

    do_GET = do_HEAD = answer  # noqa: N815 - names of the library

    def log_message(self, *args):
        pass


@pytest.fixture
def url(monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    with LoopbackServer(Handler) as server:
        server.asked = 0
        yield server.url


def ask(*urls, **options):
    return LookupModule().run(list(urls), {}, **options)


def test_answers_have_the_order_of_the_urls(url):
    found = ask(f"{url}/missing", "http://127.0.0.1:1/", f"{url}/broken", f"{url}/there")
    assert [one["status"] for one in found] == [404, 0, 503, 200]
    assert found[3]["url"] == f"{url}/there"


def test_requests_are_open_at_the_same_time(url):
    assert [one["status"] for one in ask(f"{url}/together", f"{url}/together")] == [200, 200]


def test_method_and_headers_are_sent_and_headers_returned(url):
    (found,) = ask(f"{url}/there", headers={"Accept": "text/plain"})
    assert found["content"] == "text/plain"
    (found,) = ask(f"{url}/there", method="HEAD")
    assert (found["content"], found["headers"]["docker-content-digest"]) == ("", "sha256:1")


def test_a_server_that_is_not_ready_is_asked_again(url):
    assert ask(f"{url}/late", wait=5)[0]["status"] == 200
    assert ask(f"{url}/missing", wait=5)[0]["status"] == 404


def test_options_that_are_not_valid_are_refused(url):
    with pytest.raises(AnsibleLookupError, match="verb"):
        ask(url, verb="GET")
    with pytest.raises(AnsibleLookupError, match="no-such-file"):
        ask(url, ca="/no-such-file")
