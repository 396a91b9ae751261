"""Show the cluster in the terminal, with k9s."""

from __future__ import annotations

import os
import sys

import click

from slipway.commands.existing import existing_lab
from slipway.commands.options import lab_options, quiet_option
from slipway.commands.playbook_options import ansible_arguments
from slipway.commands.terminal import become, has_terminal
from slipway.errors import UsageError
from slipway.lab.choice import LabChoice


@click.command(epilog="""\b
Examples:
  ./slipway ui
  ./slipway ui --readonly
  ./slipway ui -- --namespace kube-system --command deployments""")  # fmt: skip
@click.option("--readonly", is_flag=True, help="Change nothing in the cluster.")
@lab_options
@quiet_option
@click.argument("flags", nargs=-1, type=click.UNPROCESSED, metavar="[-- FLAGS]")
def ui(choice: LabChoice, quiet: bool, readonly: bool, flags: tuple[str, ...]) -> None:
    """Show the cluster in the terminal, with k9s. Flags after -- are for k9s.

    The first call builds k9s (playbooks/ui.yml). Its settings are in the directory `k9s` of the
    lab's state, and those of your own k9s stay as they are. `:q` ends it.
    """
    choice = existing_lab(choice, quiet)
    project = choice.project()
    if not project.kubectl.exists() or not project.kubeconfig.exists():
        raise choice.no_lab()
    if flags and not flags[0].startswith("-"):
        raise UsageError(
            f"{flags[0]!r} is not a valid flag of k9s",
            f"run: {choice.lines.of('ui', f'-- --command {flags[0]}')}",
        )
    if not has_terminal() or os.environ.get("TERM", "dumb") == "dumb":
        raise UsageError(
            "ui needs a terminal that can show a screen",
            f"run it in a terminal (over ssh: ssh -t), or use: {choice.lines.of('kubectl', 'get pods -A')}",
        )
    program = project.kubectl.with_name("k9s")
    if not program.exists() and (code := build(choice, quiet)):
        sys.exit(code)
    become([str(program), *(["--readonly"] if readonly else []), *flags], environment(choice))


def build(choice: LabChoice, quiet: bool) -> int:
    """Build k9s, which takes long the first time; return the exit code."""
    from slipway.run.outcome import Options
    from slipway.run.playbooks import prepare

    if not quiet:
        click.echo(
            "slipway: k9s is built once, which takes about ten minutes of CPU time", err=True
        )
    arguments = ansible_arguments(choice.resolved().extra_vars, {})
    options = Options(arguments=arguments, quiet=quiet, lines=choice.lines)
    return prepare(choice.project(), "ui", "ui", options)


def environment(choice: LabChoice) -> dict[str, str]:
    """Return the variables with which k9s works on the lab, and keeps its files in the lab's state directory."""
    project = choice.project()
    folder = str(project.state / "k9s")
    path = f"{project.kubectl.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    return {
        "KUBECONFIG": str(project.kubeconfig),
        "K9S_CONFIG_DIR": folder,
        "K9S_LOGS_DIR": folder,
        "PATH": path,  # it starts kubectl for shells and edits
    }
