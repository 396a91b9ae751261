"""Render the Markdown of lessons: commands get the place where they are typed."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from slipway.course.words import WORDS
from slipway.launcher import CommandLine

SHELL = ("", "sh")
HOST = "host"


class Markdown:
    """Renders texts of one language.

    Args:
        language: Language of the words around commands.
        lines: Writes command lines for the lab.
        host: Name of the lab's host.
    """

    def __init__(self, language: str, lines: CommandLine, host: str):
        self.language = language
        on_host = WORDS["on_host"][language]
        self.on_host = on_host.format(command=lines.of(f"shell {host}", "-- sudo -i"))
        self.parser = MarkdownIt("commonmark", {"html": False})
        self.parser.renderer.rules["fence"] = self._fence

    def block(self, text: str) -> Markup:
        """Return paragraphs and commands."""
        return Markup(self.parser.render(text))

    def inline(self, text: str) -> Markup:
        """Return a line."""
        return Markup(self.parser.renderInline(text))

    def command(self, text: str, place: str = "sh") -> Markup:
        """Return a command, with the place where it is typed."""
        words = self.on_host if place == HOST else WORDS["terminal"][self.language]
        return Markup(
            f'<figure class="command"><figcaption>{escape(words)}</figcaption>'
            f'<pre tabindex="0"><code>{escape(text.rstrip())}</code></pre></figure>'
        )

    def _fence(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        token = tokens[index]
        if token.info in (*SHELL, HOST):
            return self.command(token.content, token.info or "sh")
        return f'<pre tabindex="0"><code>{escape(token.content)}</code></pre>'
