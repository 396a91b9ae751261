"""Results of lessons for users and programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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
from slipway.lessons.progress import tasks_done
from slipway.output.console import create_table, signs


def as_dict(lesson: str, evidence: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the result of a lesson for programs.

    Args:
        lesson: Name of the lesson.
        evidence: The evidence of the run. A run without evidence is a failure.
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
    """Print all lessons with the student's progress and the results of their last runs on this lab."""
    numbers = ("TASKS DONE", "CLAIMS")
    table = create_table("LESSON", "TITLE", *numbers, "LAST RUN", right=numbers)
    for lesson in every:
        text, last = lesson.text(project, language), lesson.evidence(project)
        verdict = Text("-", "dim")
        if last:
            word, style = ("passed", "green") if last["passed"] else ("failed", "bold red")
            verdict = Text(f"{word}, {duration(last['seconds'] or 0)}", style)
        done = (
            f"{tasks_done(project, lesson.name, text)} of {len(text.tasks)}" if text.tasks else "-"
        )
        table.add_row(lesson.name, text.title, done, str(len(text.claims)), verdict)
    console.print(Padding(table, (0, 0, 0, 1), expand=False))


def show_result(
    console: Console, result: Mapping[str, Any], text: LessonText, every_claim: bool
) -> None:
    """Print the result of a lesson, and its claims.

    Args:
        console: Where to print.
        result: As from :func:`as_dict`.
        text: The text of the lesson.
        every_claim: Print the claims that hold, too.
    """
    claims = result["claims"]
    held = sum(bool(claim["passed"]) for claim in claims)
    line = Text.assemble(
        " ", _mark(console, result["passed"]), " ", (result["lesson"], "bold"), f"  {text.title}  ",
        (f"{held} of {len(claims)} claims, {duration(result['seconds'] or 0)}", "dim"),
    )  # fmt: skip
    console.print(line, soft_wrap=True)
    if table := _claims(console, claims, text, every_claim):
        console.print(Padding(table, (0, 0, 0, 3), expand=False))
    for problem in _problems(result):
        console.print(Padding(Text(problem, "red"), (0, 0, 0, 3), expand=False))


def _mark(console: Console, passed: bool | None) -> tuple[str, str]:
    """Return the sign and the style of a result."""
    if passed is None:
        return "-", "yellow"
    return (signs(console)[OK], "green") if passed else (signs(console)[FAILED], "bold red")


def _claims(
    console: Console, claims: Sequence[Mapping[str, Any]], text: LessonText, every_claim: bool
) -> Table | None:
    """Return the claims to show; ``None`` when there are none."""
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
        table.add_row(Text(*_mark(console, claim["passed"])), words, Text(figure, "dim"))
    return table if table.row_count else None


def _problems(result: Mapping[str, Any]) -> Iterator[str]:
    """Yield why a lesson did not reach its end."""
    if error := result["error"]:
        where = f" by {error['task']}" if error.get("task") else ""
        yield f"stopped{where}: {error['reason']}"
    if missing := [claim["name"] for claim in result["claims"] if claim["seen"] == NOT_REACHED]:
        yield f"{NOT_REACHED}: {', '.join(missing)}"
