"""Show tasks, outcomes, hints and progress to a student."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from ansible_collections.slipway.lab.plugins.plugin_utils.practice.checks import Result
from ansible_collections.slipway.lab.plugins.plugin_utils.practice.session import Practice
from ansible_collections.slipway.lab.plugins.plugin_utils.practice.tasks import HOST, Command
from slipway.lab.phases import FAILED, OK, WAITING
from slipway.launcher import CommandLine
from slipway.lessons.task_words import WORDS
from slipway.output.console import create_table, signs

FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def plain(markdown: str) -> str:
    """Return a line of Markdown without its signs."""
    return re.sub(r"[*`]", "", markdown)


class TaskView:
    """Prints the practice of a lesson.

    Args:
        console: Where to print.
        language: Language of the words.
        lines: Writes command lines for the lab.
    """

    def __init__(self, console: Console, language: str, lines: CommandLine):
        self.console = console
        self.language = language
        self.lines = lines

    def word(self, name: str, **values: object) -> str:
        """Return words in the student's language."""
        return WORDS[name][self.language].format(**values)

    def show_scene(self, practice: Practice) -> None:
        """Show what the scene is, and how to use it."""
        scene, tasks = practice.scene, practice.tasks
        self._line(practice.text.title, "bold")
        self._block(practice.text.idea)
        size = {"minutes": tasks.minutes, "memory": tasks.memory}
        self._block(self.word("scene", namespace=scene.namespace, **size))
        if practice.left_out:
            self._line(self.word("left_out", names=", ".join(practice.left_out)), "dim")
        self._code(f'eval "$({self.lines.of("lesson env")})"')

    def show_task(self, practice: Practice) -> None:
        """Show the current task: its text, its question, and what to run next."""
        words, name = practice.words(), practice.current
        if name in practice.tasks.puzzles:
            number = self.word("puzzle", grade=practice.task().grade)
        else:
            number = f"{practice.names.index(name) + 1}/{len(practice.names)}"
        self.console.print()
        self.console.print(Text.assemble(" ", (number, "dim"), "  ", (words.title, "bold")))
        self._block(words.text, str(practice.scene.values["host"]))
        if words.question:
            self.show_prediction(practice)
        self._next("check", "hint")

    def show_prediction(self, practice: Practice) -> None:
        """Show the question, its choices and the answer so far."""
        words, progress = practice.words(), practice.progress()
        self._line(self.word("question", question=plain(words.question)), "cyan")
        for name, choice in words.choices.items():
            self._line(f"  {name}  {plain(choice)}")
        if progress.predicted:
            self._line(self.word("predicted", answer=progress.predicted), "dim")
        elif not progress.green:
            self._next("predict " + ("|".join(words.choices) or self.word("number")))

    def show_results(self, practice: Practice, results: Sequence[Result]) -> None:
        """Show what was expected and seen, and the measured answer beside the predicted one."""
        words, progress = practice.words(), practice.progress()
        table = Table.grid(padding=(0, 1))
        table.add_column(no_wrap=True)
        table.add_column(overflow="fold")
        for result in results:
            text = Text(plain(words.checks.get(result.name, result.name)))
            if not result.passed:
                text.append("\n" + self.word("seen", seen=result.seen), "red")
            sign, style = (OK, "green") if result.passed else (FAILED, "bold red")
            table.add_row(Text(signs(self.console)[sign], style), text)
        self.console.print(Padding(table, (0, 0, 0, 1), expand=False))
        if not all(result.passed for result in results):
            self._next("check", "hint", "solve")
            return
        if progress.measured:
            unit = practice.task().unit
            key = "measured" if progress.predicted else "measured_only"
            measured = words.choices.get(progress.measured, f"{progress.measured} {unit}".strip())
            predicted = words.choices.get(
                progress.predicted, f"{progress.predicted} {unit}".strip()
            )
            self._line(self.word(key, predicted=predicted, measured=measured), "cyan")
        self._next("next" if practice.current in practice.names else "break")

    def show_hints(self, hints: Sequence[str], total: int) -> None:
        """Show the hints so far."""
        if not total:
            self._line(self.word("no_hints"))
        for number, hint in enumerate(hints, 1):
            self._block(f"{number}/{total} {hint}")
        if len(hints) == total:
            self._next("solve --show", "solve")

    def show_commands(self, commands: Sequence[Command], host: str) -> None:
        """Show the commands of a solution."""
        for command in commands:
            if command.place == HOST:
                self._line(self._on_host(host), "dim")
            self._code(command.text)

    def show_progress(self, practice: Practice) -> None:
        """Show all tasks and puzzles with their states."""
        headings = ("task", "title", "state", "checks", "hints")
        table = create_table("", *(self.word(heading) for heading in headings))
        for row in self._rows(practice):
            table.add_row(*row)
        self.console.print(Padding(table, (0, 0, 0, 1), expand=False))

    def show_end(self) -> None:
        """Show that the last task is done."""
        self._line(self.word("finished"), "bold green")
        self._next("break", "end", "list")

    def _rows(self, practice: Practice) -> Iterator[tuple[Text | str, ...]]:
        styles = {"done": (OK, "green"), "solved": (OK, "yellow")}
        for name in practice.tasks.names():
            known = practice.record.tasks.get(name)
            if known is None and name in practice.tasks.puzzles:
                continue
            state = known.state if known else "new"
            sign, style = styles.get(state, (WAITING, "dim"))
            here = "bold" if name == practice.current else ""
            yield (
                Text(signs(self.console)[sign], style), Text(name, here),
                practice.text.task(name).title, Text(self.word(state), style),
                str(known.checked) if known else "", str(known.hints) if known else "",
            )  # fmt: skip

    def _on_host(self, host: str) -> str:
        return self.word("on_host", host=host, command=self.lines.of(f"shell {host}", "-- sudo -i"))

    def _block(self, markdown: str, host: str = "") -> None:
        """Print Markdown. Commands keep their lines, so that they can be copied."""
        position = 0
        for fence in FENCE.finditer(markdown):
            self._markdown(markdown[position : fence.start()])
            if fence[1] == HOST:
                self._line(self._on_host(host), "dim")
            self._code(fence[2].rstrip())
            position = fence.end()
        self._markdown(markdown[position:])

    def _markdown(self, text: str) -> None:
        if text.strip():
            from rich.markdown import Markdown  # a check, which must be quick, shows none

            self.console.print(Padding(Markdown(text.strip()), (0, 0, 0, 1)))
            self.console.print()

    def _code(self, text: str) -> None:
        for line in text.splitlines():
            self.console.print(Text("   " + line, "green"), soft_wrap=True)
        self.console.print()

    def _line(self, text: str, style: str = "") -> None:
        self.console.print(Padding(Text(text, style), (0, 0, 0, 1), expand=False))

    def _next(self, *commands: str) -> None:
        words = "  ·  ".join(self.lines.of(f"lesson {command}") for command in commands)
        self.console.print(Text(f" {self.word('next')}  {words}", "dim"), soft_wrap=True)
