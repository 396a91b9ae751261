"""Tests of ``slipway.output.view``."""

from slipway.output.live_view import LiveView
from slipway.output.plain_view import PlainView
from slipway.output.raw_view import RawView
from slipway.output.view import create_view
from support.displayed_run import make_console


def test_the_view_suits_the_console(monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert isinstance(create_view(make_console(), raw=False), LiveView)
    assert isinstance(create_view(make_console(terminal=False), raw=False), PlainView)
    assert isinstance(create_view(make_console(), raw=True), RawView)
