"""The tasks of a lesson, as ``playbooks/lessons/NAME/tasks.yml`` declares them.

The file lists the needs of the scene, and the checks and the solution of each task of the text::

    scene: {images: [bootcamp_v1], minutes: 15, memory: 40}
    tasks:
      run-two:
        checks:
          two-ready: {get: deployment web, that: found.status.readyReplicas == 2}
        solution: kubectl scale deployment web --replicas=2
        wrong: [{run: kubectl scale deployment web --replicas=3, fails: [two-ready]}]
    puzzles: {}
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

FILE = "tasks.yml"
# Needs of a task besides the rights on one namespace: those on the whole lab; a lab of Minikube, whose host runs
# Docker, and whose control plane runs pods; and options of the lab. Each with its words, and what to do without it.
LAB, MINIKUBE, POLICIES = "lab", "minikube", "network_policies"
NEEDS = {
    LAB: ("the whole lab", "do them in turns, on the teacher's account"),
    MINIKUBE: ("Minikube, or a host with Docker", "do them on a lab with slipway_engine: minikube"),
    POLICIES: (
        "NetworkPolicies that are enforced",
        "do them on a lab without minikube_network_policies: false or kubernetes_network_policies: false",
    ),
}
CONTROL, HOST = "run", "host"
PLACES = (CONTROL, HOST)

# libyaml reads ten times faster than Python; not every installation has it.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class TasksError(ValueError):
    """The file is wrong; the message names the task and the key."""


@dataclass(frozen=True)
class Command:
    """Text for a shell: on the control machine, or on the lab's host."""

    place: str
    text: str


@dataclass(frozen=True)
class Check:
    """One expected outcome: what is read, the condition, and what is shown of it.

    Args:
        name: Its id in the text.
        kind: ``get`` (objects of the cluster), ``run`` or ``host`` (a command).
        subject: Arguments of ``kubectl get``, or text for a shell.
        that: The condition, an expression over ``found``, or over ``out``, ``error`` and ``code``.
        seen: Template of what is shown.
    """

    name: str
    kind: str
    subject: str
    that: str
    seen: str


@dataclass(frozen=True)
class Wrong:
    """A solution that must stay red: its commands, and the checks that fail."""

    commands: tuple[Command, ...]
    fails: tuple[str, ...]


@dataclass(frozen=True)
class Task:
    """A task or a puzzle.

    Args:
        name: Its id in the text.
        checks: The outcome.
        solution: Commands that solve it.
        scene: Commands that prepare it. Such a task starts in an empty namespace.
        fresh: Whether it starts in an empty namespace; otherwise it continues after the task before it.
        wrong: Solutions that must stay red.
        answer: Template of the answer to the question, from the results of the checks and of ``measure``.
        measure: Text for a shell whose output answers the question.
        unit: Unit of an answer that is a number.
        grade: Difficulty of a puzzle, 1 to 3.
        settle: Seconds that the outcome may take after the solution.
        needs: What it needs, of ``NEEDS``.
    """

    name: str
    checks: tuple[Check, ...]
    solution: tuple[Command, ...]
    scene: tuple[Command, ...] = ()
    fresh: bool = False
    wrong: tuple[Wrong, ...] = ()
    answer: str = ""
    measure: str = ""
    unit: str = ""
    grade: int = 0
    settle: int = 60
    needs: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Tasks:
    """The tasks and puzzles of a lesson, and what their scene needs.

    Args:
        images: Images that the nodes pull, names of ``lesson_images``.
        host_images: Images that the lab's host pulls, names of ``lesson_host_images``.
        services: Services of the lab that the tasks need.
        system: Name of a stopped system container that the lab's host gets.
        minutes: Time that a student takes.
        memory: Memory of the scene in MiB.
        clean: Commands that remove what the tasks leave outside the namespace.
    """

    images: tuple[str, ...] = ()
    host_images: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    system: str = ""
    minutes: int = 0
    memory: int = 0
    clean: tuple[Command, ...] = ()
    tasks: dict[str, Task] = field(default_factory=dict)
    puzzles: dict[str, Task] = field(default_factory=dict)

    def get(self, name: str) -> Task:
        """Return a task or a puzzle."""
        return self.tasks.get(name) or self.puzzles[name]

    def names(self) -> list[str]:
        """Return the names of all tasks and puzzles."""
        return [*self.tasks, *self.puzzles]

    def before(self, name: str) -> list[Task]:
        """Return the tasks whose outcome a task starts with, in order."""
        if name in self.puzzles or self.tasks[name].fresh:
            return []
        every = list(self.tasks.values())
        position = list(self.tasks).index(name)
        start = max([at for at, task in enumerate(every[:position]) if task.fresh], default=0)
        return every[start:position]

    def needs(self, name: str) -> frozenset[str]:
        """Return what a task and those before it need."""
        return frozenset().union(*(task.needs for task in (*self.before(name), self.get(name))))

    def confined(self, offers: Collection[str] = ()) -> Tasks:
        """Return those that a student can do.

        Args:
            offers: What there is, of ``NEEDS``. A student of a class has nothing of it.
        """
        possible = [name for name in self.names() if self.needs(name) <= set(offers)]
        return replace(
            self,
            tasks={name: task for name, task in self.tasks.items() if name in possible},
            puzzles={name: task for name, task in self.puzzles.items() if name in possible},
        )

    def obstacle(self, names: Iterable[str], offers: Collection[str]) -> tuple[str, str]:
        """Return what tasks need that is missing, and what to do."""
        missing = frozenset().union(*map(self.needs, names)) - set(offers)
        return next(words for need, words in NEEDS.items() if need in missing)


def read_tasks(folder: Path) -> Tasks:
    """Read the tasks of a lesson; a lesson without the file has none.

    Args:
        folder: The lesson's folder.

    Raises:
        TasksError: The file is wrong.
    """
    file = folder / FILE
    if not file.exists():
        return Tasks()
    try:
        content = yaml.load(file.read_text(encoding="utf-8"), LOADER) or {}
    except yaml.YAMLError as problem:
        raise TasksError(f"{file}: {problem}") from problem
    try:
        return _tasks(content)
    except TasksError as problem:
        raise TasksError(f"{file}: {problem}") from problem


def _tasks(content: Mapping[str, Any]) -> Tasks:
    _only(content, "the file", {"scene", "tasks", "puzzles"})
    scene = content.get("scene") or {}
    _only(
        scene, "scene",
        {"images", "host_images", "services", "system", "minutes", "memory", "clean", "needs"},
    )  # fmt: skip
    needs = _needs(scene, "scene")
    return Tasks(
        images=tuple(scene.get("images", ())),
        host_images=tuple(scene.get("host_images", ())),
        services=tuple(scene.get("services", ())),
        system=str(scene.get("system", "")),
        minutes=int(scene.get("minutes", 0)),
        memory=int(scene.get("memory", 0)),
        clean=_commands(scene.get("clean"), "scene.clean"),
        tasks={name: _task(name, one, needs) for name, one in (content.get("tasks") or {}).items()},
        puzzles={
            name: _task(name, one, needs) for name, one in (content.get("puzzles") or {}).items()
        },
    )


def _task(name: str, given: Mapping[str, Any], least: frozenset[str]) -> Task:
    _only(
        given, name,
        {"checks", "solution", "scene", "fresh", "wrong", "predict", "grade", "settle", "needs"},
    )  # fmt: skip
    predict = given.get("predict") or {}
    _only(predict, f"{name}.predict", {"answer", "measure", "unit"})
    checks = given.get("checks") or {}
    if not checks:
        raise TasksError(f"{name} has no checks")
    scene = _commands(given.get("scene"), f"{name}.scene")
    solution = _commands(given.get("solution"), f"{name}.solution")
    found = tuple(_check(name, key, one) for key, one in checks.items())
    places = {*(one.place for one in (*scene, *solution)), *(one.kind for one in found)}
    return Task(
        name=name,
        checks=found,
        solution=solution,
        scene=scene,
        fresh=bool(given.get("fresh", bool(scene))),
        wrong=tuple(_wrong(name, one, checks) for one in given.get("wrong", ())),
        answer=str(predict.get("answer", "")),
        measure=str(predict.get("measure", "")),
        unit=str(predict.get("unit", "")),
        grade=int(given.get("grade", 0)),
        settle=int(given.get("settle", 60)),
        needs=least | _needs(given, name) | ({LAB, MINIKUBE} if HOST in places else set()),
    )


def _needs(given: Mapping[str, Any], where: str) -> frozenset[str]:
    needs = given.get("needs") or []
    needs = {needs} if isinstance(needs, str) else set(needs)
    if not needs <= set(NEEDS):
        raise TasksError(f"{where}.needs: one or some of {', '.join(NEEDS)}, or missing")
    # A student of a class has no rights on a lab of Minikube either.
    return frozenset(needs | ({LAB} if MINIKUBE in needs else set()))


def _check(task: str, name: str, given: Mapping[str, Any]) -> Check:
    where = f"{task}.checks.{name}"
    _only(given, where, {"get", CONTROL, HOST, "that", "seen"})
    kinds = [kind for kind in ("get", *PLACES) if kind in given]
    if len(kinds) != 1:
        raise TasksError(f"{where} needs exactly one of get, run and host")
    kind = kinds[0]
    if kind == "get" and "that" not in given:
        raise TasksError(f"{where} needs that, a condition on what was found")
    that = str(given.get("that", "code == 0"))
    return Check(name, kind, str(given[kind]), that, str(given.get("seen", "")))


def _wrong(task: str, given: Mapping[str, Any], checks: Mapping[str, Any]) -> Wrong:
    commands = _commands([{key: given[key]} for key in PLACES if key in given], f"{task}.wrong")
    fails = tuple(given.get("fails") or checks)
    if unknown := [name for name in fails if name not in checks]:
        raise TasksError(f"{task}.wrong names unknown checks: {', '.join(unknown)}")
    return Wrong(commands, fails)


def _commands(given: Any, where: str) -> tuple[Command, ...]:
    entries = [given] if isinstance(given, (str, Mapping)) else given or []
    commands: list[Command] = []
    for entry in entries:
        if isinstance(entry, str):
            commands.append(Command(CONTROL, entry.strip()))
            continue
        _only(entry, where, set(PLACES))
        commands += [Command(place, str(text).strip()) for place, text in entry.items()]
    return tuple(commands)


def _only(given: Any, where: str, allowed: set[str]) -> None:
    if not isinstance(given, Mapping):
        raise TasksError(f"{where} is not a mapping")
    if unknown := [str(key) for key in given if key not in allowed]:
        raise TasksError(f"{where} has unknown keys: {', '.join(unknown)}")
