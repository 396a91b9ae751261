"""Fill the texts of all lessons with the values of the lab, or with placeholders without one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jinja2 import Environment

from ansible_collections.slipway.lab.plugins.plugin_utils.practice.scene import VALUES, Scene
from slipway.lab.project import Project
from slipway.lessons.catalogue import lessons
from slipway.lessons.practice_state import practice_folder


class Placeholder:
    """A value that is known only with a lab; its text is its name in angle brackets."""

    def __init__(self, name: str):
        self.name = name

    def __getattr__(self, name: str) -> Placeholder:
        if name.startswith("__"):
            raise AttributeError(name)
        return Placeholder(f"{self.name}.{name}")

    def __getitem__(self, name: object) -> Placeholder:
        return Placeholder(f"{self.name}.{name}")

    def __str__(self) -> str:
        return f"<{self.name}>"


class Values:
    """The values of each lesson.

    Args:
        project: The lab. After a lesson was started on it, its values are those of all lessons.
    """

    def __init__(self, project: Project):
        scene = Scene.load(practice_folder(project))
        self.numbers = {one.name: number for number, one in enumerate(lessons(project), 1)}
        self.known: Mapping[str, Any] = scene.values if scene else {}
        self.from_lab = scene is not None

    def of(self, lesson: str) -> dict[str, Any]:
        """Return the values of a lesson."""
        values: dict[str, Any] = {name: Placeholder(name) for name in VALUES}
        values |= self.known
        values |= {"lesson": lesson, "namespace": f"learn-{lesson}"}
        started = self.numbers.get(self.known.get("lesson", ""))
        if lesson == self.known.get("lesson"):
            return values
        if started is None or lesson not in self.numbers:
            # The port of a lesson outside the catalogue is not that of another lesson.
            values |= {name: Placeholder(name) for name in ("node_port", "url")}
        else:
            # Each lesson has its own node port, by its place in the catalogue.
            port = int(self.known["node_port"]) - started + self.numbers[lesson]
            start = str(self.known["url"]).rpartition(":")[0]
            values |= {"node_port": port, "url": f"{start}:{port}"}
        return values

    def fill(self, lesson: str, template: str) -> str:
        """Return a text with the values of a lesson."""
        return Environment().from_string(template).render(self.of(lesson))
