"""Generate ``docs/lessons/README.md`` from the lessons and the hand-written text around them.

Run it in the checkout: ``./slipway test --layer unit`` fails while the page is stale.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ansible_collections.slipway.lab.plugins.plugin_utils.lesson_text import lesson_folder
from slipway.lab.project import Project, locate
from slipway.lab.yaml_file import read_yaml
from slipway.lessons.catalogue import folder, lessons

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/lessons/README.md"
TEMPLATE = Path(__file__).with_name("lesson_pages.md")
TEXTS = "../../playbooks/lessons"


def lesson_page(project: Project) -> str:
    """Return the text of ``docs/lessons/README.md``.

    Args:
        project: The checkout.
    """
    text = TEMPLATE.read_text(encoding="utf-8")
    for name, rows in (
        ("lessons", _lessons(project)),
        ("points", _points(project)),
        ("puzzles", _puzzles(project)),
    ):
        text = text.replace(f"{{{{ {name} }}}}", "\n".join(rows))
    return text


def _lessons(project: Project) -> Iterator[str]:
    yield "| lesson | title | claims | tasks | predictions | puzzles |"
    yield "|---|---|---|---|---|---|"
    total = [0, 0, 0, 0]
    for lesson in lessons(project):
        text = lesson.text(project, "en")
        place = f"{TEXTS}/{lesson_folder(folder(project), lesson.name).name}"
        asked = sum(bool(task.question) for task in (*text.tasks, *text.puzzles))
        numbers = [len(text.claims), len(text.tasks), asked, len(text.puzzles)]
        total = [one + more for one, more in zip(total, numbers, strict=True)]
        cells = " | ".join(map(str, numbers))
        yield (
            f"| [{lesson.name}]({place}/en.md) ([한국어]({place}/ko.md)) | {text.title} | {cells} |"
        )
    yield f"| | in all | {' | '.join(map(str, total))} |"


def _points(project: Project) -> Iterator[str]:
    yield "| point | lesson | task | checked outcome |"
    yield "|---|---|---|---|"
    texts = {lesson.name: lesson.text(project, "en") for lesson in lessons(project)}
    points = read_yaml(folder(project) / "points.yml")
    assert isinstance(points, list)
    for point in points:
        for number, name in enumerate(point["tasks"]):
            lesson, _, task = name.partition("/")
            words = texts[lesson].task(task)
            outcome = " ".join(words.checks.values()).replace("|", "\\|")
            first = point["point"] if number == 0 else ""
            yield f"| {first} | {lesson} | `{task}` {words.title} | {outcome} |"


def _puzzles(project: Project) -> Iterator[str]:
    yield "| puzzle | lesson | grade | symptom |"
    yield "|---|---|---|---|"
    for lesson in lessons(project):
        tasks = lesson.tasks(project)
        text = lesson.text(project, "en")
        for puzzle in tasks.puzzles.values():
            title = text.task(puzzle.name).title
            yield f"| `{puzzle.name}` | {lesson.name} | {puzzle.grade} | {title} |"


def main() -> None:
    """Write the page."""
    PAGE.write_text(lesson_page(locate()), encoding="utf-8")


if __name__ == "__main__":
    main()
