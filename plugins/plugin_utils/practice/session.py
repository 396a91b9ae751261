"""The practice of a lesson: its current task, predictions, checks, hints and solutions."""

from __future__ import annotations

import time
from pathlib import Path

from ansible_collections.slipway.lab.plugins.plugin_utils.lesson_text import (
    LessonText,
    TaskText,
    parse,
)
from ansible_collections.slipway.lab.plugins.plugin_utils.practice.checks import (
    Result,
    check_task,
    measure,
)
from ansible_collections.slipway.lab.plugins.plugin_utils.practice.published import publish
from ansible_collections.slipway.lab.plugins.plugin_utils.practice.record import Progress, Record
from ansible_collections.slipway.lab.plugins.plugin_utils.practice.scene import (
    PracticeError,
    Scene,
)
from ansible_collections.slipway.lab.plugins.plugin_utils.practice.tasks import (
    Command,
    Task,
    Tasks,
    read_tasks,
)

# Pods take a moment to start, so a check reads again for this time before it is red.
CHECK_SECONDS = 3
# Repeated checks of one command publish at most so often.
PUBLISH_SECONDS = 5


class Practice:
    """The practice of the lesson whose scene was set last.

    Args:
        state: Directory of the practice: scene and records.
        language: Language of the texts.

    Raises:
        PracticeError: No scene was set, or the student can do none of the tasks.
    """

    def __init__(self, state: Path, language: str = "en"):
        scene = Scene.load(state)
        if scene is None:
            raise PracticeError("no lesson was started", "run: ./slipway lesson start tutorial")
        self.state = state
        self.scene = scene
        every = read_tasks(Path(scene.folder))
        self.tasks: Tasks = every.confined(scene.offers)
        self.left_out = {
            name: every.obstacle([name], scene.offers)
            for name in every.names()
            if name not in self.tasks.names()
        }
        if self.left_out and not self.tasks.tasks:
            need, next_step = every.obstacle(every.tasks, scene.offers)
            raise PracticeError(f"the tasks of {scene.lesson} need {need}", next_step)
        self.unpublished = ""  # why the teacher does not see the record
        self._published = float("-inf")
        text = Path(scene.folder) / f"{language}.md"
        self.text: LessonText = parse(text.read_text(encoding="utf-8"))
        self.record = Record.load(state, scene.lesson)

    @property
    def names(self) -> list[str]:
        """Return the tasks in order."""
        return list(self.tasks.tasks)

    @property
    def current(self) -> str:
        """Return the task or puzzle that the student works on."""
        name = self.record.current
        known = name in self.tasks.tasks or name in self.tasks.puzzles
        return name if known else self.names[0]

    def task(self) -> Task:
        """Return the current task."""
        return self.tasks.get(self.current)

    def words(self) -> TaskText:
        """Return the text of the current task, with the values of the lab."""
        text = self.text.task(self.current)
        fill = self.scene.fill
        return TaskText(
            text.id, text.title, fill(text.text), fill(text.question),
            {name: fill(words) for name, words in text.choices.items()},
            {name: fill(words) for name, words in text.checks.items()},
            [fill(words) for words in text.hints],
        )  # fmt: skip

    def progress(self) -> Progress:
        """Return what the student did in the current task."""
        return self.record.of(self.current)

    def begin(self, name: str) -> None:
        """Make a task the current one."""
        self.record.begin(name)
        self.save()

    def save(self) -> None:
        """Store the record, and show it to the teacher of a class."""
        self.record.save()
        own = self.record.path.stem == self.scene.lesson  # not that of a rehearsal
        if own and self.scene.class_name and time.monotonic() - self._published > PUBLISH_SECONDS:
            self.unpublished = publish(self.scene, self.record)
            self._published = time.monotonic()

    def predict(self, answer: str) -> None:
        """Record the student's prediction, before the outcome is known.

        Raises:
            PracticeError: The task has no question, its outcome is known, or the answer is not valid.
        """
        words = self.words()
        if not words.question:
            raise PracticeError(f"{self.current} asks for no prediction")
        if self.progress().green:
            raise PracticeError(f"{self.current} is done, so its answer is known")
        if words.choices and answer not in words.choices:
            raise PracticeError(
                f"unknown choice {answer!r}", f"choices: {', '.join(words.choices)}"
            )
        if not words.choices and not _is_number(answer):
            raise PracticeError(f"{answer!r} is not a number")
        self.progress().predicted = answer
        self.save()

    def check(self, seconds: float = CHECK_SECONDS) -> list[Result]:
        """Check the outcome of the current task, and record it."""
        task, progress = self.task(), self.progress()
        results = check_task(self.scene, task, seconds)
        progress.checked += 1
        if all(result.passed for result in results) and not progress.green:
            progress.green = time.time()
            if task.answer or task.measure:
                progress.measured = measure(self.scene, task, results)
            self._published = float("-inf")
        self.save()
        return results

    def hint(self) -> list[str]:
        """Return the hints so far, and one more."""
        hints, progress = self.words().hints, self.progress()
        progress.hints = min(progress.hints + 1, len(hints))
        self.save()
        return hints[: progress.hints]

    def solution(self) -> list[Command]:
        """Return the commands that solve the current task, with the values of the lab."""
        return [Command(one.place, self.scene.fill(one.text)) for one in self.task().solution]

    def solve(self) -> list[Result]:
        """Run the solution for the student, and check it.

        Raises:
            PracticeError: A command failed.
        """
        progress = self.progress()
        progress.solved = progress.solved or not progress.green
        self.save()
        self.scene.run_all(self.task().solution)
        return self.check(self.task().settle)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
