"""Read the phases of a run from its playbook."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, TemplateError, meta

from slipway.lab.extra_vars import values_of
from slipway.lab.phases import Phase, slug
from slipway.lab.yaml_file import read_yaml

# Written by no play: the build runs in the background, beside the phases that do not need it.
ARTIFACTS = "artifacts"
ARTIFACTS_AFTER = "mirror"


@dataclass(frozen=True)
class Selection:
    """The selection of a run: tags, and values of variables that conditions of tasks name."""

    tags: frozenset[str] = frozenset()
    skipped_tags: frozenset[str] = frozenset()
    variables: tuple[tuple[str, Any], ...] = ()

    @classmethod
    def of(cls, arguments: Sequence[str], variables: Mapping[str, Any]) -> Selection:
        """Return the selection in arguments of ansible-playbook.

        Args:
            arguments: The arguments.
            variables: Known values of variables.
        """
        return cls(
            _tags(("-t", "--tags"), arguments),
            _tags(("--skip-tags",), arguments),
            tuple(variables.items()),
        )

    def includes(self, tags: set[str], conditions: Sequence[str]) -> bool:
        """Return whether a task with these tags and conditions can be expected to run."""
        if self.tags - {"all"} and not tags & (self.tags | {"always"}):
            return False
        return not tags & self.skipped_tags and self.can_hold(conditions)

    def can_hold(self, conditions: Sequence[str]) -> bool:
        """Return whether conditions can all be true."""
        return all(map(self._can_hold, conditions))

    def _can_hold(self, condition: str) -> bool:
        """Return whether a condition can be true; one about other variables can."""
        environment = Environment(autoescape=False)  # noqa: S701 - no output, only a condition
        known = dict(self.variables)
        try:
            names = meta.find_undeclared_variables(environment.parse(f"{{{{ {condition} }}}}"))
            if not names or not names <= known.keys():
                return True
            return bool(environment.compile_expression(condition)(**known))
        except (TemplateError, TypeError):
            return True


def read_phases(playbook: Path, selection: Selection = Selection()) -> list[Phase]:  # noqa: B008
    """Return the phases of a playbook: a play's first tag is the id, its name the title.

    A play without tags belongs to the phases that the first tags of its tasks name.

    Args:
        playbook: A playbook, which may import others.
        selection: What the user asked for. Phases without a selected task are not listed.
    """
    phases: dict[str, Phase] = {}
    for play in _plays(playbook, selection):
        name = str(play.get("name") or play.get("hosts") or "play")
        for task, tags in _tasks(play, name):
            phase = phases.setdefault(tags[0], Phase(id=tags[0], title=name, listed=False))
            if name not in phase.plays:
                phase.plays.append(name)
            phase.listed |= selection.includes(set(tags), _conditions(task.get("when")))
    found = list(phases.values())
    if mirror := phases.get(ARTIFACTS_AFTER):
        title = "Build or download programs and images"
        place = found.index(mirror) + 1
        found.insert(place, Phase(ARTIFACTS, title, listed=mirror.listed))
    return found


def _plays(playbook: Path, selection: Selection) -> Iterator[dict[str, Any]]:
    """Yield the plays of a playbook, and of those that it imports under conditions that can hold."""
    content = read_yaml(playbook)
    for play in content if isinstance(content, list) else []:
        if not isinstance(play, dict):
            continue
        imported = play.get("import_playbook") or play.get("ansible.builtin.import_playbook")
        if imported:
            if selection.can_hold(_conditions(play.get("when"))):
                yield from _plays(playbook.parent / str(imported), selection)
        else:
            yield play


def _tasks(play: Mapping[str, Any], name: str) -> Iterator[tuple[Mapping[str, Any], list[str]]]:
    """Yield the tasks of a play with their tags, the play's before their own."""
    shared = _words(play.get("tags"))
    tasks = [task for task in play.get("tasks") or [] if isinstance(task, dict)]
    for task in tasks or [{}]:
        yield task, [*shared, *_words(task.get("tags"))] or [slug(name)]


def _words(value: object) -> list[str]:
    words = value if isinstance(value, list) else str(value).split(",") if value else []
    return [str(word).strip() for word in words]


def _conditions(value: object) -> list[str]:
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str)]


def _tags(flags: Sequence[str], arguments: Sequence[str]) -> frozenset[str]:
    return frozenset(tag for value in values_of(flags, arguments) for tag in _words(value))
