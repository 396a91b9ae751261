"""The progress of building and downloading artifacts, with an estimate from earlier runs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from slipway.lab.format import count, duration
from slipway.lab.progress import Step

# The module's messages: `NAME: TEXT`, where a line of a build ends with its number, and `NAME: made in 14.7 s`.
MESSAGE = re.compile(r"(?P<name>[^:\s]+): (?P<text>.*?)(?: \((?P<number>\d+)\))?$", re.DOTALL)
MADE = re.compile(r"made in [\d.]+ s$")
DOWNLOADED = re.compile(r"\d+ of \d+ MiB$")
PACKAGE = re.compile(r"[\w.~-]+(?:/[\w.~-]+)*$")


@dataclass
class Item:
    """One artifact that is built or downloaded.

    Attributes:
        began: When its first message came, by a monotonic clock.
        seconds: How long it took; ``None`` while it is in progress.
        packages: Compiled packages, or lines of the build.
        detail: Its last message.
    """

    began: float
    seconds: float | None = None
    packages: int = 0
    detail: str = ""


class ArtifactProgress:
    """Follow the artifacts of a run.

    Args:
        earlier: Seconds and packages of each artifact, as measured when it was last made.
    """

    def __init__(self, earlier: Mapping[str, Mapping[str, float]] | None = None):
        self.earlier = dict(earlier or {})
        self.items: dict[str, Item] = {}
        self._expected: set[str] = set()

    def expect(self, names: Iterable[str]) -> None:
        """Add the names of missing artifacts, as the playbook lists them before the work begins."""
        self._expected |= set(names)

    def add(self, step: Step, now: float) -> str | None:
        """Read a step of the work; return the name of an artifact that is complete with it."""
        match = MESSAGE.match(step.message)
        if not match:
            return None
        name, text, number = match.group("name", "text", "number")
        item = self.items.setdefault(name, Item(began=now))
        if MADE.search(text):
            first = item.seconds is None
            item.seconds = item.seconds if item.seconds is not None else now - item.began
            return name if first else None
        item.packages = max(item.packages, int(number or 0))
        item.detail = text
        return None

    @property
    def total(self) -> int:
        """Return the number of artifacts that were missing."""
        return len(self._expected | set(self.items))

    @property
    def made(self) -> int:
        """Return the number of artifacts that are complete."""
        return sum(item.seconds is not None for item in self.items.values())

    @property
    def complete(self) -> bool:
        """Return whether all missing artifacts have been made."""
        return self.total > 0 and self.made == self.total

    def text(self, now: float) -> str:
        """Return the progress in one line, such as ``3 of 13: minikube, package 120 of 800, about 2:10 left``."""
        current = [name for name, item in self.items.items() if item.seconds is None]
        words = [", ".join(filter(None, (name, self._detail(name)))) for name in current]
        remaining = self._remaining(now)
        words += [f"about {duration(remaining)} left"] if remaining is not None else []
        return f"{self.made} of {self.total} ready" + (": " if words else "") + ", ".join(words)

    def summary(self, name: str) -> str:
        """Return what was made, such as ``2 of 13 ready: kubernetes, 2,366 packages in 6:10``."""
        item = self.items[name]
        work = f"{count(item.packages, 'package')} in " if PACKAGE.match(item.detail) else "in "
        return f"{self.made} of {self.total} ready: {name}, {work}{duration(item.seconds or 0)}"

    def measured(self) -> dict[str, dict[str, float]]:
        """Return the seconds and packages of the artifacts that were made, for later runs."""
        return {
            name: {"seconds": round(item.seconds, 1), "packages": item.packages}
            for name, item in self.items.items()
            if item.seconds is not None
        }

    def _detail(self, name: str) -> str:
        item = self.items[name]
        if DOWNLOADED.match(item.detail) or not PACKAGE.match(item.detail):
            return item.detail
        known = int(self.earlier.get(name, {}).get("packages", 0))
        return f"package {item.packages}" + (f" of {known}" if known >= item.packages else "")

    def _remaining(self, now: float) -> float | None:
        """Return the seconds that are left; ``None`` unless every remaining artifact was made before."""
        unfinished = {
            name
            for name in self._expected | set(self.items)
            if name not in self.items or self.items[name].seconds is None
        }
        if not unfinished or not unfinished <= self.earlier.keys():
            return None
        return sum(self._left(name, now) for name in unfinished)

    def _left(self, name: str, now: float) -> float:
        before = self.earlier[name]
        item = self.items.get(name)
        if item is None:
            return before["seconds"]
        if item.packages and before.get("packages", 0) >= item.packages:
            return before["seconds"] * (1 - item.packages / before["packages"])
        return max(0.0, before["seconds"] - (now - item.began))
