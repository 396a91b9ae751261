"""Serve pages on loopback until Ctrl-C, for the commands that have a page."""

from __future__ import annotations

import functools
import signal
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from slipway.commands.options import Function, language_option
from slipway.lab import processes

if TYPE_CHECKING:
    from slipway.course.terminals import Terminals


def page_options(function: Function) -> Function:
    """Add the options of a page: ``lang``, ``port`` and ``no_browser``."""

    @language_option("Language of the page that is opened.")
    @click.option("--port", type=click.IntRange(0, 65535), default=0, metavar="PORT",
                  help="Port on loopback. [default: a free one]")  # fmt: skip
    @click.option("--no-browser", is_flag=True, help="Print the address only.")
    @functools.wraps(function)
    def command(**given: Any) -> Any:
        return function(**given)

    return command


def serve_pages(
    folder: Path,
    read: Callable[[], dict[str, Any]],
    lang: str,
    port: int,
    no_browser: bool,
    terminals: Terminals | None = None,
) -> None:
    """Serve a directory of pages, and open the one of a language.

    Args:
        folder: The directory, with a directory for each language.
        read: Reads the state that the pages show.
        lang: Language of the page that is opened.
        port: Port on loopback; a free one for 0.
        no_browser: Print the address only.
        terminals: The terminals of the pages, if they have any.
    """
    import webbrowser  # it takes a while, and every command of lessons loads this file

    from slipway.course.server import PageServer

    server = PageServer(folder, read, port, terminals)
    url = f"{server.url}/{lang}/index.html"
    click.echo(f"{url}   (Ctrl-C ends it)")
    if not no_browser:
        webbrowser.open(url)
    # nohup ignores a closed terminal.
    heard = [number for number in processes.ENDS if signal.getsignal(number) is not signal.SIG_IGN]
    with processes.signals(lambda *_: server.stop(), heard):
        server.run()
