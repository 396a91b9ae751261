"""Tests of ``slipway.commands.serving``."""

import pytest

from slipway.commands.serving import serve_pages


@pytest.mark.parametrize("no_browser", [False, True])
def test_the_page_of_the_language_is_opened(tmp_path, pages, capsys, no_browser):
    serve_pages(tmp_path, dict, "ko", 0, no_browser)
    url = capsys.readouterr().out.split()[0]
    assert url.startswith("http://127.0.0.1:") and url.endswith("/ko/index.html")
    assert pages == ([] if no_browser else [url])
