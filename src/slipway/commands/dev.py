"""Watch a directory, and bring each change of it to the lab."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click

from slipway.commands.converge import converge, with_variables
from slipway.commands.existing import existing_lab
from slipway.commands.options import lab_options
from slipway.commands.playbook_options import run_options
from slipway.errors import UsageError
from slipway.lab.choice import LabChoice
from slipway.lab.watching import build_files


@click.command(epilog="""\b
Examples:
  ./slipway dev ./shop
  ./slipway dev ./shop --namespace test --port 8080 --remove
  ./slipway dev ./shop --manifests ./shop/kubernetes
  ./slipway dev ./shop --once --json""")  # fmt: skip
@click.option(
    "--name", metavar="NAME", help="Name of the application. [default: that of DIRECTORY]"
)
@click.option("-n", "--namespace", metavar="NAME", help="Its namespace. [default: default]")
@click.option("--port", "ports", type=click.IntRange(1, 65535), multiple=True, metavar="PORT",
              help="A port of the container. [default: EXPOSE of the image]")  # fmt: skip
@click.option("--manifests", type=click.Path(exists=True, path_type=Path), metavar="PATH",
              help="Apply these manifests, a file or a directory. Their image NAME becomes the built one.")  # fmt: skip
@click.option("--once", is_flag=True, help="Do one pass, and end.")
@click.option("--remove", is_flag=True,
              help="Remove the application at the end. With --once: do nothing else.")  # fmt: skip
@lab_options
@run_options
@click.argument("directory", type=click.Path(exists=True, file_okay=False, path_type=Path))
def dev(
    choice: LabChoice, given: dict[str, Any], directory: Path, manifests: Path | None,
    once: bool, remove: bool, **named: Any,
) -> None:  # fmt: skip
    """Build the image of a directory with a Containerfile, roll it out in the lab, and repeat that after each change.

    A change that cannot be built or does not serve is reported with its reason, and the version
    before keeps serving. Between changes, the logs of the pods are shown, and the Service has an
    address on loopback. Files that .dockerignore leaves out start nothing. Ctrl-C ends it.
    """
    variables = {
        "dev_directory": str(directory.resolve()),
        "dev_manifests": str(manifests.resolve()) if manifests else "",
        "dev_name": named["name"],
        "dev_namespace": named["namespace"],
        "dev_ports": list(named["ports"]),
    }
    once = once or given["check"]
    if given["as_json"] and not once:
        raise UsageError("--json goes with --once")
    choice = existing_lab(choice, given["quiet"])

    def play(state: str) -> int:
        wanted = {name: value for name, value in variables.items() if value}
        chosen = with_variables(choice, {**wanted, "dev_state": state})
        return converge("dev", ("dev",), False, chosen, given, result_file="dev.json")

    if once:
        sys.exit(play("absent" if remove else "present"))
    code = watch(choice, directory.resolve(), manifests, lambda: play("present"))
    if remove:
        sys.exit(play("absent") or code)
    again = [str(directory), "--once", "--remove"]
    for flag in ("name", "namespace"):
        again += [f"--{flag}", named[flag]] if named[flag] else []
    line = choice.lines.of("dev", shlex.join(again))
    click.echo(f"The application stays in the lab. Remove it: {line}")
    sys.exit(code)


def watch(
    choice: LabChoice, directory: Path, manifests: Path | None, play: Callable[[], int]
) -> int:
    """Do a pass now and after each change of a file, until Ctrl-C; return the exit code."""
    from slipway.run.development import follow

    def paths() -> Iterator[Path]:
        yield from build_files(directory)
        if manifests:
            yield from (manifests, *manifests.glob("*"))

    if not any(build_files(directory)):
        raise UsageError(f"{directory} has no Containerfile or Dockerfile")
    return follow(choice.project(), paths, play)
