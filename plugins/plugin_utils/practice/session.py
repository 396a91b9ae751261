"""What a student does in a lesson: begin, check, ask for a hint, solve, reset, go on, end."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from ansible_collections.slipway.lab.plugins.plugin_utils.lesson_text import (
    LessonText,
    TaskText,
    read_text,
)
from ansible_collections.slipway.lab.plugins.plugin_utils.practice.checks import (
    Result,
    check_task,
    measure,
)
from ansible_collections.slipway.lab.plugins.plugin_utils.practice.record import Progress, Record
from ansible_collections.slipway.lab.plugins.plugin_utils.practice.scene import FILE, Scene
from ansible_collections.slipway.lab.plugins.plugin_utils.practice.tasks import (
    Command,
    Task,
    Tasks,
    read_tasks,
)

# Pods take a moment to start: a check looks again for so long before it is red.
CHECK_SECONDS = 3
COMMAND_SECONDS = 120


class PracticeError(Exception):
    """The student's request cannot be carried out.

    Args:
        reason: Why.
        next_step: What to do.
    """

    def __init__(self, reason: str, next_step: str = ""):
        super().__init__(reason)
        self.next_step = next_step


class Practice:
    """The practice of the lesson whose scene was set last.

    Args:
        state: Directory of the practice: scene and records.
        language: Language of the texts.

    Raises:
        PracticeError: No scene was set.
    """

    def __init__(self, state: Path, language: str = "en"):
        scene = Scene.load(state)
        if scene is None:
            raise PracticeError("no lesson was started", "run: ./slipway lesson start tutorial")
        self.state = state
        self.scene = scene
        self.tasks: Tasks = read_tasks(Path(scene.folder))
        lessons = Path(scene.folder).parent
        self.text: LessonText = read_text(lessons, scene.lesson, language)
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

    def predict(self, answer: str) -> None:
        """Record the student's prediction, before the outcome is known.

        Raises:
            PracticeError: There is no question, the outcome is known, or the answer is none.
        """
        words = self.words()
        if not words.question:
            raise PracticeError(f"{self.current} asks for no prediction")
        if self.progress().green:
            raise PracticeError(f"{self.current} is done, so its answer is known")
        if words.choices and answer not in words.choices:
            raise PracticeError(f"{answer!r} is no choice", f"choices: {', '.join(words.choices)}")
        if not words.choices and not _is_number(answer):
            raise PracticeError(f"{answer!r} is no number")
        self.progress().predicted = answer
        self.record.save()

    def check(self, seconds: float = CHECK_SECONDS) -> list[Result]:
        """Check the outcome of the current task, and record it."""
        task, progress = self.task(), self.progress()
        results = check_task(self.scene, task, seconds)
        progress.checked += 1
        if all(result.passed for result in results) and not progress.green:
            progress.green = time.time()
            if task.answer or task.measure:
                progress.measured = measure(self.scene, task, results)
        self.record.save()
        return results

    def hint(self) -> list[str]:
        """Return the hints so far, and one more."""
        hints, progress = self.words().hints, self.progress()
        progress.hints = min(progress.hints + 1, len(hints))
        self.record.save()
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
        self.record.save()
        self._run(self.task().solution)
        return self.check(self.task().settle)

    def next(self) -> bool:
        """Go on to the next task; return whether there is one.

        Raises:
            PracticeError: The scene of the task could not be set.
        """
        names = self.names
        if self.current not in names:  # a puzzle ends where the course went on
            done = [name for name in names if self.record.of(name).green]
            position = names.index(done[-1]) if done else -1
        else:
            position = names.index(self.current)
        if position + 1 == len(names):
            return False
        self.go(names[position + 1], reset=self.tasks.tasks[names[position + 1]].fresh)
        return True

    def go(self, name: str, reset: bool) -> None:
        """Make a task the current one.

        Args:
            name: A task or a puzzle.
            reset: Set its scene first.

        Raises:
            PracticeError: The scene could not be set.
        """
        if name not in self.tasks.tasks and name not in self.tasks.puzzles:
            every = ", ".join([*self.tasks.tasks, *self.tasks.puzzles])
            raise PracticeError(f"{self.scene.lesson} has no task {name!r}", f"tasks: {every}")
        self.record.begin(name)
        if reset:
            self.reset()

    def reset(self) -> None:
        """Restore the state in which the current task starts.

        Raises:
            PracticeError: The namespace is not the practice's own, or a command failed.
        """
        emptied = self.scene.empty()
        if emptied.code:
            raise PracticeError(emptied.error.strip() or "the namespace could not be emptied")
        self._run(self.tasks.clean)
        for task in self.tasks.before(self.current):
            self._run(task.scene)
            self._run(task.solution)
            check_task(self.scene, task, task.settle)
        self._run(self.task().scene)

    def forget(self) -> None:
        """Begin the lesson again, with an empty record.

        Raises:
            PracticeError: As for :meth:`reset`.
        """
        self.record.tasks.clear()
        self.record.begin(self.names[0])
        self.reset()

    def end(self) -> None:
        """Remove everything that the practice made; the record stays.

        Raises:
            PracticeError: As for :meth:`reset`.
        """
        emptied = self.scene.empty()
        if emptied.code and "NotFound" not in emptied.error:
            raise PracticeError(emptied.error.strip())
        self._run(self.tasks.clean)
        self.scene.kubectl(["delete", "namespace", self.scene.namespace, "--ignore-not-found"])
        (self.state / FILE).unlink(missing_ok=True)

    def _run(self, commands: Sequence[Command]) -> None:
        for command in commands:
            answer = self.scene.run(command, COMMAND_SECONDS)
            if answer.code:
                said = (answer.error or answer.out).strip()
                raise PracticeError(f"this command failed: {command.text}\n{said}")


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
