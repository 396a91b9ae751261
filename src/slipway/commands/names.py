"""Complete the names of labs, lessons, services, tags, breaks, pages and test layers in shells."""

from __future__ import annotations

import os
from collections.abc import Iterable

import click

from slipway.lab.choice import LabChoice
from slipway.lab.labs import known_labs
from slipway.lab.project import locate, project_root, states_folder
from slipway.lab.services import known_services


def complete_labs(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Return the labs of this user."""
    return _beginning(incomplete, (lab.name for lab in known_labs(states_folder())))


def complete_tags(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Return the phases of the command's playbook that can follow those in the list."""
    from slipway.lab.phase_plan import read_phases

    own = {"down": "teardown", "stop": "stop", "start": "start"}
    playbook = own.get(ctx.info_name or "", "site")
    phases = read_phases(project_root() / "playbooks" / f"{playbook}.yml")
    return _continuing(incomplete, (phase.id for phase in phases if phase.plays))


def complete_services(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Return the services that can follow, after those that are already in the list."""
    return _continuing(incomplete, known_services())


def complete_lessons(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Return the lessons, and the word ``all``."""
    from slipway.lessons.catalogue import lessons

    given = ctx.params.get("names") or ()
    names = [lesson.name for lesson in lessons(locate())]
    names += [] if given or param.name == "name" else ["all"]
    return [name for name in _beginning(incomplete, names) if name not in given]


def complete_breaks(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Return the breaks of the lessons that were named before, or of all."""
    from slipway.lessons.catalogue import lessons

    project, given = locate(), ctx.params.get("names") or ()
    found: dict[str, None] = {}
    for lesson in lessons(project):
        if not given or lesson.name in given or "all" in given:
            found |= dict.fromkeys(lesson.text(project, "en").breaks)
    return _beginning(incomplete, found)


def complete_pages(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Return the pages of the lab."""
    from slipway.run.lab_status import read_report

    choice = LabChoice(os.environ, lab=ctx.params.get("lab"))
    pages = read_report(choice.project()).get("pages", [])
    return _beginning(incomplete, (str(page["name"]).lower() for page in pages))


def complete_layers(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Return the layers of the tests."""
    from slipway.testing.layers import LAYERS

    return _beginning(incomplete, (layer.name for layer in LAYERS))


def _beginning(incomplete: str, names: Iterable[str]) -> list[str]:
    return [name for name in names if name.startswith(incomplete)]


def _continuing(incomplete: str, names: Iterable[str]) -> list[str]:
    """Return the continuations of a list with commas by a name that it does not contain."""
    before, comma, last = incomplete.rpartition(",")
    given = before.split(",")
    return [before + comma + name for name in _beginning(last, names) if name not in given]
