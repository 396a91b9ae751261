"""Tests of ``slipway.commands.serving``."""

import os
import signal
import subprocess
import sys
import urllib.request

import pytest

from slipway.commands.serving import serve_pages


@pytest.mark.parametrize("no_browser", [False, True])
def test_the_page_of_the_language_is_opened(tmp_path, pages, capsys, no_browser):
    serve_pages(tmp_path, dict, "ko", 0, no_browser)
    url = capsys.readouterr().out.split()[0]
    assert url.startswith("http://127.0.0.1:") and url.endswith("/ko/index.html")
    assert pages == ([] if no_browser else [url])


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("ignored", [False, True])
def test_signals_end_the_server_unless_they_are_ignored(tmp_path, number, ignored):
    (tmp_path / "en").mkdir()
    (tmp_path / "en/index.html").write_text("<p>page</p>")
    script = f"""if True:
        import pathlib, signal
        from slipway.commands.serving import serve_pages
        signal.signal({int(number)}, signal.SIG_IGN if {ignored} else signal.default_int_handler)
        serve_pages(pathlib.Path({str(tmp_path)!r}), dict, "en", 0, True)
    """
    words = [sys.executable, "-u", "-c", script]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(words, text=True, env=environment, **pipes) as server:
        url = server.stdout.readline().split()[0]
        assert b"page" in urllib.request.urlopen(url).read()
        server.send_signal(number)
        if ignored:
            assert b"page" in urllib.request.urlopen(url).read()
            server.kill()
        assert server.wait(20) == (-signal.SIGKILL if ignored else 0)
        assert server.stderr.read() == ""
