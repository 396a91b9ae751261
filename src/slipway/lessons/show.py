"""Results of lessons for users and programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from ansible_collections.slipway.lab.plugins.plugin_utils.lesson_record import NOT_REACHED
from ansible_collections.slipway.lab.plugins.plugin_utils.lesson_text import LessonText
from slipway.lab.format import duration
from slipway.lab.phases import FAILED, OK
from slipway.lab.project import Project
from slipway.lessons.catalogue import Lesson
from slipway.output.console import signs


def as_dict(lesson: str, evidence: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the result of a lesson for programs.

    :param evidence: what the run left; ``None`` when it left nothing, which is a failure.
    """
    evidence = evidence or {}
    keys = ("name", "passed", "figure", "unit", "expected", "seen")
    return {
        "lesson": lesson,
        "passed": bool(evidence.get("passed")),
        "claims": [{key: claim[key] for key in keys} for claim in evidence.get("claims", [])],
        "seconds": evidence.get("seconds"),
        "error": evidence.get("error") or (None if evidence else {"reason": "it did not start"}),
    }


def show_list(console: Console, project: Project, every: Sequence[Lesson], language: str) -> None:
    """Print all lessons, with the verdict of their last runs on this lab."""
    table = Table(box=None, padding=(0, 3, 0, 0), pad_edge=False, header_style="dim")
    for heading in ("LESSON", "TITLE", "CLAIMS", "LAST RUN"):
        table.add_column(
            heading, overflow="fold", justify="right" if heading == "CLAIMS" else "left"
        )
    for lesson in every:
        text, last = lesson.text(project, language), lesson.evidence(project)
        verdict = Text("-", "dim")
        if last:
            word, style = ("passed", "green") if last["passed"] else ("failed", "bold red")
            verdict = Text(f"{word}, {duration(last['seconds'] or 0)}", style)
        table.add_row(lesson.name, text.title, str(len(text.claims)), verdict)
    console.print(Padding(table, (0, 0, 0, 1), expand=False))


def show_result(
    console: Console, result: Mapping[str, Any], text: LessonText, every_claim: bool
) -> None:
    """Print the verdict of a lesson, and its claims.

    :param result: as from :func:`as_dict`.
    :param text: what people read about the lesson.
    :param every_claim: also those that held.
    """
    mark = {
        True: (signs(console)[OK], "green"),
        False: (signs(console)[FAILED], "bold red"),
        None: ("-", "yellow"),
    }
    claims = result["claims"]
    held = sum(bool(claim["passed"]) for claim in claims)
    line = Text.assemble(
        " ", mark[result["passed"]], " ", (result["lesson"], "bold"), f"  {text.title}  ",
        (f"{held} of {len(claims)} claims, {duration(result['seconds'] or 0)}", "dim"),
    )  # fmt: skip
    console.print(line, soft_wrap=True)
    table = Table.grid(padding=(0, 1))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    table.add_column(justify="right", no_wrap=True)
    for claim in claims:
        if claim["seen"] == NOT_REACHED or claim["passed"] and not every_claim:
            continue
        words = Text(text.claims.get(claim["name"], claim["name"]))
        if claim["passed"] is None:
            words.append(f"\nskipped: {claim['seen']}", "yellow")
        elif not claim["passed"]:
            words.append(
                f"\n{claim['name']}: expected {claim['expected']}\nseen {claim['seen']}", "red"
            )
        figure = "" if claim["figure"] is None else f"{claim['figure']} {claim['unit']}"
        table.add_row(Text(*mark[claim["passed"]]), words, Text(figure, "dim"))
    if table.row_count:
        console.print(Padding(table, (0, 0, 0, 3), expand=False))
    told: list[str] = []
    if error := result["error"]:
        where = f" by {error['task']}" if error.get("task") else ""
        told.append(f"cut short{where}: {error['reason']}")
    if missing := [claim["name"] for claim in claims if claim["seen"] == NOT_REACHED]:
        told.append(f"{NOT_REACHED}: {', '.join(missing)}")
    for line in told:
        console.print(Padding(Text(line, "red"), (0, 0, 0, 3), expand=False))
