"""Render the report: one self-contained page with the results of the lessons on this lab, in all languages."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markdown_it import MarkdownIt
from markupsafe import Markup

from ansible_collections.slipway.lab.plugins.plugin_utils.lesson_record import NOT_REACHED
from ansible_collections.slipway.lab.plugins.plugin_utils.lesson_text import LANGUAGES, LessonText
from slipway import __version__
from slipway.lab.format import duration
from slipway.lab.project import Project
from slipway.lessons.catalogue import Lesson
from slipway.lessons.plots import draw

WORDS = {
    "title": {"en": "Results of the lessons", "ko": "실습 환경에서 확인한 결과"},
    "claims": {"en": "claims hold", "ko": "주장 성립"},
    "made": {"en": "Created", "ko": "작성 시각"},
    "machine": {"en": "Machine", "ko": "머신"},
    "memory": {"en": "GiB of memory", "ko": "GiB 메모리"},
    "cores": {"en": "cores", "ko": "코어"},
    "versions": {"en": "Versions", "ko": "버전"},
    "by_hand": {"en": "Equivalent commands", "ko": "직접 실행하려면"},
    "expected": {"en": "expected", "ko": "예상 결과"},
    "seen": {"en": "seen", "ko": "실제 결과"},
    "details": {"en": "how it was checked", "ko": "확인 방법"},
    "passed": {"en": "holds", "ko": "성립"},
    "skipped": {"en": "skipped", "ko": "건너뜀"},
    "failed": {"en": "does not hold", "ko": "성립하지 않음"},
    "not_run": {"en": "not run on this lab", "ko": "이 실습 환경에서 실행하지 않음"},
    "cut_short": {"en": "cut short by", "ko": "중단된 태스크:"},
    "contents": {"en": "Contents", "ko": "목차"},
    "not_reached": {"en": NOT_REACHED, "ko": "도달하지 못함"},
}
MARKDOWN = MarkdownIt("commonmark", {"html": False})


@dataclass
class Part:
    """A lesson on the page."""

    name: str
    texts: dict[str, LessonText]
    evidence: dict[str, Any] | None

    @property
    def held(self) -> int:
        """Return the number of claims that hold."""
        return sum(bool(claim["passed"]) for claim in self.claims())

    @property
    def judged(self) -> int:
        """Return the number of claims that were checked. A skipped claim is neither a success nor a failure."""
        return sum(claim["passed"] is not None for claim in self.claims())

    @property
    def skipped(self) -> int:
        """Return the number of claims that were skipped."""
        return len(self.claims()) - self.judged

    def claims(self, step: str | None = None) -> list[dict[str, Any]]:
        """Return the claims in the order of the text, those of one step or all."""
        known = {claim["name"]: claim for claim in (self.evidence or {}).get("claims", [])}
        return [
            claim
            for name in self.texts["en"].claims
            if (claim := known.get(name)) and (step is None or self._step_of(claim) == step)
        ]

    def _step_of(self, claim: dict[str, Any]) -> str:
        return claim["step"] if claim["seen"] != NOT_REACHED else self.texts["en"].steps[-1].id

    def commands(self, step: str) -> list[str]:
        """Return the commands that do a step by hand."""
        steps = {one["id"]: one["commands"] for one in (self.evidence or {}).get("steps", [])}
        return steps.get(step, [])

    def plots(self, step: str) -> list[dict[str, Any]]:
        """Return the measurements of a step, each drawn or as text."""
        found = []
        for entry in (self.evidence or {}).get("evidence", []):
            if entry["step"] == step:
                captions = {
                    lang: text.plots.get(entry["name"], entry["name"])
                    for lang, text in self.texts.items()
                }
                plain = entry["kind"] == "text"
                id_ = f"{self.name}-{entry['name']}"
                drawn = "" if plain else draw(id_, entry, f"{id_}-caption")
                found.append(
                    {
                        "id": f"{id_}-caption",
                        "captions": captions,
                        "svg": Markup(drawn),
                        "plain": plain and entry["data"],
                    }
                )
        return found


def page(project: Project, lessons: Sequence[Lesson], language: str) -> str:
    """Return the page.

    Args:
        project: The project and its lab.
        lessons: All lessons, in order. The page lists the ones that were never run as such.
        language: Language that is shown first.
    """
    parts = [
        Part(one.name, {lang: one.text(project, lang) for lang in LANGUAGES}, one.evidence(project))
        for one in lessons
    ]
    run = [part for part in parts if part.evidence]
    newest = max(
        (part.evidence for part in run if part.evidence), key=lambda one: one["began"], default=None
    )
    loader = FileSystemLoader(Path(__file__).parent)
    environment = Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("page.html.j2").render(
        parts=parts,
        run=run,
        newest=newest,
        held=sum(part.held for part in run),
        judged=sum(part.judged for part in run),
        skipped=sum(part.skipped for part in run),
        languages=LANGUAGES,
        language=language,
        words=WORDS,
        lab=project.lab,
        version=__version__,
        now=time.strftime("%Y-%m-%d %H:%M"),
        duration=duration,
        markdown=lambda text: Markup(MARKDOWN.render(text)),
        inline=lambda text: Markup(MARKDOWN.renderInline(text)),
    )
