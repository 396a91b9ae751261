"""Measure the startup time of a command, until a line of its output reports that it is ready."""

from __future__ import annotations

import os
import re
import signal
import statistics
import subprocess
import threading
import time
from collections.abc import Sequence
from contextlib import suppress

from ansible_collections.slipway.lab.plugins.module_utils.common.errors import SlipwayError


class StartError(SlipwayError):
    """The command did not start. The text contains its last output."""


def one_start(argv: Sequence[str], says: re.Pattern, timeout: float) -> tuple[float, list[str]]:
    """Start a command, and end it and its children once a line of its output matches.

    Returns:
        Seconds until that line, and all lines until then.

    Raises:
        StartError: the output or the time ended without such a line.
    """
    lines: list[str] = []
    began = time.monotonic()
    process = subprocess.Popen(
        argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, errors="replace", start_new_session=True,
    )  # fmt: skip

    def end() -> None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)

    timer = threading.Timer(timeout, end)
    timer.start()
    try:
        for line in process.stdout:
            lines.append(line.rstrip())
            if says.search(line):
                return time.monotonic() - began, lines
    finally:
        timer.cancel()
        end()
        process.stdout.close()
        process.wait()
    after = f"{time.monotonic() - began:.1f} s"
    raise StartError(f"{argv[0]} did not say {says.pattern!r} within {after}: {lines[-5:]}")


def summary(seconds: Sequence[float]) -> dict[str, float]:
    """Return the middle and the ends of a distribution."""
    return {
        "median": statistics.median(seconds),
        "minimum": min(seconds),
        "maximum": max(seconds),
    }
