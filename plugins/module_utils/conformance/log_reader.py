"""Count the tests that ended, from the log that ginkgo writes."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

# Ginkgo writes a bullet when a test ends, and one of these words after it when the test failed.
ENDED = re.compile("•(!? \\[(?:FAILED|TIMEDOUT|INTERRUPTED|PANICKED)\\])?".encode())
LONGEST = len("•! [INTERRUPTED]".encode())


class LogReader:
    """Report how many tests ended and failed, whenever the numbers change.

    Args:
        path: The log, which may not exist yet.
        total: Number of tests that will run.
        report: Gets a text, the number of ended tests and the total.
    """

    def __init__(self, path: Path, total: int, report: Callable[[str, int, int], None]):
        self._path = path
        self._total = total
        self._report = report
        self._position = 0
        self._ended = self._failed = 0

    def look(self) -> None:
        """Read what was appended since the last look."""
        try:
            with self._path.open("rb") as stream:
                stream.seek(self._position)
                new = stream.read()
        except OSError:
            return
        # The last bytes can be an incomplete match, and are read again next time.
        complete = max(0, len(new) - LONGEST + 1)
        self._position += complete
        found = [match for match in ENDED.finditer(new) if match.start() < complete]
        if found:
            self._ended += len(found)
            self._failed += sum(match[1] is not None for match in found)
            self._report(f"{self._failed} failed", min(self._ended, self._total), self._total)
