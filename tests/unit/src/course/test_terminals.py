"""Tests of ``slipway.course.terminals``."""

import http.client
import json
import os
import re
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest
import websocket

from slipway.course.terminals import PROTOCOL, UNSEEN, Terminals, peer_account
from slipway.errors import SlipwayError
from support.serving import serving

SIZE = "?size=30&size=90"
FILES = {"xterm.mjs": b"export class Terminal {}", "xterm.css": b".xterm {}"}


@pytest.fixture
def loads():
    """Problems of the next attempts to fetch xterm.js, the last one first."""
    return []


@pytest.fixture
def server(tmp_path, loads):
    """A server with terminals; its shells start in an empty home."""

    def load():
        if loads and (problem := loads.pop()):
            raise problem
        return FILES

    (tmp_path / ".bashrc").write_text("PS1='> '\n")
    variables = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "SLIPWAY_LESSON": ""}
    with serving(tmp_path, dict, terminals=Terminals(load, lambda: variables)) as found:
        yield found


@pytest.fixture
def get(server):
    def get(path, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", server.port)
        connection.request("GET", path, headers={"Host": f"127.0.0.1:{server.port}", **headers})
        answer = connection.getresponse()
        return answer.status, answer.read(), dict(answer.getheaders())

    return get


@pytest.fixture
def token(get):
    return json.loads(get("/terminal.json")[1])["token"]


@pytest.fixture
def connect(server, token):
    """Connects as a page does; words replace what it sends."""

    def connect(token=token, origin=server.url, host=f"127.0.0.1:{server.port}", size=SIZE):
        return websocket.create_connection(
            f"ws://127.0.0.1:{server.port}/terminal{size}", timeout=20, host=host, origin=origin,
            suppress_origin=origin is None, subprotocols=[PROTOCOL, token],
        )  # fmt: skip

    return connect


def read_until(page, pattern):
    """Return the match of a pattern in the output."""
    text = ""
    while not (found := re.search(pattern, text)):
        text += page.recv().decode()
        page.send("seen")
    return found


def type_line(page, line):
    page.send_binary(line.encode() + b"\r")


def ends(pid):
    """Return whether a process ends soon."""
    for _ in range(100):
        if not os.path.exists(f"/proc/{pid}"):
            return True
        time.sleep(0.1)
    return False


def test_a_page_gets_a_shell(connect):
    page = connect()
    assert page.getsubprotocol() == PROTOCOL
    type_line(page, "echo $((6*7)); stty size")
    assert read_until(page, "42\r\n30 90")
    for size in ("41 99", "0 0", "1 1 1", "no size", "9999 1", "-1 1"):
        page.send(size)
    type_line(page, "stty size")
    assert read_until(page, "41 99\r\n")
    page.close()


@pytest.mark.parametrize(
    "wrong",
    [
        {"token": "wrong"},
        {"token": ""},
        {"token": "é"},
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": None},
        {"host": "evil.example", "origin": "http://evil.example"},
        {"host": "evil.example"},
    ],
    ids=str,
)
def test_others_get_no_shell(connect, wrong):
    with pytest.raises(websocket.WebSocketBadStatusException) as refused:
        connect(**wrong)
    assert refused.value.status_code == (421 if "host" in wrong else 403)


@pytest.mark.parametrize("size", ["", "?size=30", "?size=30&size=0", "?size=a&size=b"])
def test_a_terminal_needs_a_size(connect, size):
    with pytest.raises(websocket.WebSocketBadStatusException) as refused:
        connect(size=size)
    assert refused.value.status_code == 400


def test_the_other_name_of_the_server_is_its_own_origin(connect, server):
    host = f"localhost:{server.port}"
    connect(host=host, origin=f"http://{host}").close()
    with pytest.raises(websocket.WebSocketBadStatusException):
        connect(host=host)


def test_each_run_has_its_own_token(token, tmp_path):
    other = Terminals(lambda: FILES, dict)
    assert len(token) >= 43 and other._token != token


@pytest.mark.skipif(os.getuid() != 0, reason="only root can be another account, too")
def test_another_account_gets_neither_token_nor_shell(server, token):
    """The whole handshake of a page, with the right token."""
    script = f"""if True:
        import encodings.idna, http.client, os, sys  # the other account may not be allowed to read them
        os.setuid(int(sys.argv[1]))
        connection = http.client.HTTPConnection("127.0.0.1", {server.port})
        connection.request("GET", "/terminal.json")
        print(connection.getresponse().status)
        connection = http.client.HTTPConnection("127.0.0.1", {server.port})
        connection.request("GET", "/terminal{SIZE}", headers={{
            "Origin": "{server.url}", "Upgrade": "websocket", "Connection": "Upgrade",
            "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==", "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Protocol": "{PROTOCOL}, {token}"}})
        print(connection.getresponse().status)
    """
    said = []
    for account in (65534, 0):
        words = [sys.executable, "-I", "-c", script, str(account)]
        done = subprocess.run(words, capture_output=True, text=True)
        said.append(done.stdout.split() or done.stderr)
    assert said == [["403", "403"], ["200", "101"]]


def test_files_are_served_after_they_were_fetched(get):
    assert get("/terminal/xterm.mjs")[0] == 404
    get("/terminal.json")
    status, body, headers = get("/terminal/xterm.mjs")
    assert (status, body) == (200, FILES["xterm.mjs"])
    assert headers["Content-Type"].startswith("text/javascript")
    assert get("/terminal/xterm.css")[2]["Content-Type"].startswith("text/css")
    assert get("/terminal/..%2f.bashrc")[0] == 404


def test_a_page_learns_why_there_is_no_terminal_and_may_try_again(get, loads):
    loads.append(SlipwayError("npm does not answer", "run: npm"))
    assert json.loads(get("/terminal.json")[1]) == {"problem": "npm does not answer (run: npm)"}
    assert "token" in json.loads(get("/terminal.json")[1])


def test_a_full_disk_is_named(get, loads):
    loads.append(OSError(28, "No space left on device", "/cache"))
    assert "No space left" in json.loads(get("/terminal.json")[1])["problem"]


def test_nobody_gets_a_terminal_when_linux_does_not_show_accounts(get, connect, monkeypatch):
    table = "slipway.course.terminals.peer_account"
    monkeypatch.setattr(table, partial(peer_account, table=Path("/nowhere")))
    assert get("/terminal.json")[0] == 403
    with pytest.raises(websocket.WebSocketBadStatusException):
        connect()


def test_output_waits_for_the_page(connect):
    page = connect()
    type_line(page, "yes")
    time.sleep(1)
    received = 0
    page.settimeout(1)
    with pytest.raises(websocket.WebSocketTimeoutException):
        while True:
            received += len(page.recv())
            assert received <= UNSEEN * (1 << 16)
    page.settimeout(20)
    for _ in range(UNSEEN):
        page.send("seen")
    page.send_binary(b"\x03")
    type_line(page, "echo $((6*7))")
    assert read_until(page, "42\r\n")
    page.close()


def test_the_shell_ends_when_the_page_is_closed(connect):
    page = connect()
    type_line(page, "echo me:$$:")
    shell = read_until(page, r"me:(\d+):")[1]
    page.sock.close()  # without a word, as a browser that crashed
    assert ends(shell)


def test_the_page_is_closed_when_the_shell_ends(connect):
    page = connect()
    type_line(page, "exit")
    with pytest.raises(websocket.WebSocketConnectionClosedException):
        while page.recv_data()[0] != websocket.ABNF.OPCODE_CLOSE:
            pass
        raise websocket.WebSocketConnectionClosedException
    page.shutdown()


def test_the_connection_stays_until_the_page_has_answered_the_close(connect):
    page = connect()
    read_until(page, "> ")
    type_line(page, "exit")
    while (frame := page.recv_frame()).opcode != websocket.ABNF.OPCODE_CLOSE:
        page.send("seen")
    assert int.from_bytes(frame.data[:2], "big") == websocket.STATUS_NORMAL
    page.sock.settimeout(0.3)
    with pytest.raises(TimeoutError):
        page.sock.recv(1)
    page.send_close()
    page.sock.settimeout(10)
    assert page.sock.recv(1) == b""


def test_shells_end_with_the_server(tmp_path, monkeypatch):
    monkeypatch.setattr("slipway.course.server.END_SECONDS", 60)  # longer than it may take
    (tmp_path / ".bashrc").write_text("PS1='> '\n")
    variables = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "SLIPWAY_LESSON": ""}
    terminals = Terminals(lambda: FILES, lambda: variables)
    with serving(tmp_path, dict, terminals=terminals) as server:
        page = websocket.create_connection(
            f"ws://127.0.0.1:{server.port}/terminal{SIZE}", timeout=20, origin=server.url,
            subprotocols=[PROTOCOL, terminals._token],
        )  # fmt: skip
        type_line(page, "sleep 64 & disown; echo me:$$:$!:")
        pids = read_until(page, r"me:(\d+):(\d+):").groups()
    assert all(map(ends, pids))
    page.shutdown()
