"""Completion for shells, also for ./slipway, which click's own scripts do not find."""

from __future__ import annotations

import re

import click
from click.shell_completion import get_completion_class

VARIABLE = "_SLIPWAY_COMPLETE"


def source(shell: str, command: click.Command, launcher: str) -> str:
    """Return the script for a shell.

    bash and zsh look completions up by the last part of a path, so ``./slipway`` finds them; what
    the script calls to complete must then be a full path, for ``slipway`` need not be on PATH.

    Args:
        shell: ``bash``, ``zsh`` or ``fish``.
        command: The command that is completed.
        launcher: Full path of the launcher.
    """
    kind = get_completion_class(shell)
    if kind is None:
        raise click.UsageError(f"no completion for {shell}")
    if shell == "bash":  # without click's question for bash's version, which bash itself can tell
        kind = type("Bash", (kind,), {"_check_version": staticmethod(lambda: None)})
    script = kind(command, {}, "slipway", VARIABLE).source()
    script = re.sub(r"^.*\$\+commands\[slipway\].*\n", "", script, flags=re.MULTILINE)
    quoted = "'" + launcher.replace("'", "'\\''") + "'"
    call = {
        "bash": (rf"({VARIABLE}=bash_complete) \$1", rf"\1 {quoted}"),
        "zsh": (rf"({VARIABLE}=zsh_complete) slipway", rf"\1 {quoted}"),
        "fish": (rf"({VARIABLE}=fish_complete) (.*?) slipway\)", rf"\1 \2 {quoted})"),
    }[shell]
    return re.sub(call[0], call[1], script)
