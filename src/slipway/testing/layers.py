"""The layers of the tests, and the levels that they belong to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from slipway.errors import UsageError


@dataclass(frozen=True)
class Layer:
    """A group of tests that is run as one."""

    name: str
    path: str
    about: str
    levels: frozenset[str]
    flags: tuple[str, ...] = ()


FAST = frozenset({"fast", "default", "full"})
DEFAULT = frozenset({"default", "full"})
FULL = frozenset({"full"})
FRESH = frozenset({"fresh"})
# A worker that is done takes tests from the others: some take a hundred times as long as most.
PARALLEL = ("-n", "auto", "--dist", "worksteal")

# For tests that share what they make in a server with the others of their file.
BY_FILE = ("-n", "auto", "--dist", "loadfile")

LAYERS: tuple[Layer, ...] = (
    Layer(
        "style",
        "tests/lint",
        "ruff, shell syntax, architecture, phrases, documentation",
        FAST,
        ("-m", "not slow_lint"),
    ),
    Layer(
        "unit",
        "tests/unit",
        "functions, without Ansible",
        FAST,
        (*PARALLEL, "-m", "not slow"),
    ),
    Layer(
        "contract",
        "tests/contract",
        "modules through Ansible",
        FAST,
        (*PARALLEL, "-m", "not long and not slow"),
    ),
    Layer(
        "slow",
        "tests/unit",
        "unit and contract tests that take a second or longer",
        DEFAULT,
        ("tests/contract", *PARALLEL, "-m", "slow and not long"),
    ),
    Layer("command", "tests/command", "the command on a made-up lab", DEFAULT, PARALLEL),
    Layer("report", "tests/report", "the report in a browser", DEFAULT),
    Layer(
        "lint",
        "tests/lint",
        "ansible-lint, documentation of modules",
        DEFAULT,
        (*PARALLEL, "-m", "slow_lint"),
    ),
    Layer("roles", "tests/roles", "the Molecule scenario of Docker", DEFAULT, ("-m", "not long")),
    Layer("acceptance", "tests/acceptance", "the real lab", DEFAULT, ("-m", "not long")),
    Layer(
        "server",
        "tests/server",
        "modules on an API server of Slipway's build",
        DEFAULT,
        (*BY_FILE, "-m", "not long"),
    ),
    Layer("lessons", "tests/lessons", "every lesson, and each broken on purpose", FULL),
    Layer(
        "services",
        "tests/roles",
        "Molecule scenarios of the other roles",
        FULL,
        ("-m", "long"),
    ),
    Layer(
        "long",
        "tests/acceptance",
        "cold builds, cases of hosts, faults, other systems",
        FULL,
        ("-m", "long"),
    ),
    Layer(
        "faults",
        "tests/contract",
        "a fault at each request of each module",
        FULL,
        (*PARALLEL, "-m", "long"),
    ),
    Layer(
        "rights",
        "tests/server",
        "each module without each right that it needs; faults and killed processes",
        FULL,
        ("-m", "long"),
    ),
    Layer("fresh", "tests/fresh", "a new user's commands, nothing cached", FRESH, ("-s",)),
)


def choose(level: str, names: Sequence[str]) -> list[Layer]:
    """Return the layers to run.

    Args:
        level: ``fast``, ``default``, ``full`` or ``fresh``.
        names: Only these layers, whatever the level.

    Raises:
        UsageError: No layer has such a name.
    """
    known = {layer.name: layer for layer in LAYERS}
    for name in names:
        if name not in known:
            raise UsageError(f"Unknown layer {name!r}. Available: {', '.join(known)}.")
    return [known[name] for name in names] or [one for one in LAYERS if level in one.levels]
