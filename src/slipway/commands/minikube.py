"""Run the lab's minikube on the host of the cluster."""

from __future__ import annotations

from collections.abc import Sequence

import click

from slipway.commands.existing import existing_lab
from slipway.commands.options import lab_options, quiet_option
from slipway.commands.pass_through import PassThroughCommand
from slipway.commands.terminal import become, has_terminal
from slipway.errors import UsageError
from slipway.lab.choice import LabChoice
from slipway.lab.minikube_host import FIRST, find_host
from slipway.launcher import CommandLine

PROFILE = ("-p", "--profile")
# Flags of `delete` that also remove what does not belong to the lab.
EVERYTHING = {"--all", "--all=true", "--purge", "--purge=true"}


@click.command(cls=PassThroughCommand, epilog="""\b
Examples:
  ./slipway minikube status
  ./slipway minikube addons list
  ./slipway minikube --host lab2 profile list""")  # fmt: skip
@click.option("--host", metavar="HOST", default=FIRST, show_default="the first of minikube_hosts",
              help="The host of the cluster.")  # fmt: skip
@lab_options
@quiet_option
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED, metavar="ARGUMENTS...")
def minikube(choice: LabChoice, quiet: bool, host: str, arguments: tuple[str, ...]) -> None:
    """Run the lab's minikube on its host, as its user and with its profile.

    Options of Slipway go before the first argument of minikube.
    """
    choice = existing_lab(choice, quiet)
    chosen = find_host(choice.project(), host)
    words = with_profile(arguments, chosen.profile, chosen.user, choice.lines)
    notice = notices(choice.lines).get(verb(arguments))
    if notice and not quiet:
        click.echo(f"slipway: `{verb(arguments)}` {notice}", err=True)
    become(chosen.minikube(words, has_terminal()))


def with_profile(
    arguments: Sequence[str], profile: str, user: str, lines: CommandLine
) -> list[str]:
    """Return the arguments with the profile of the lab, unless they name one.

    Args:
        arguments: Arguments of minikube.
        profile: The profile of the lab.
        user: The user that runs Minikube.
        lines: Writes command lines for the lab.

    Raises:
        UsageError: The arguments would make or remove a cluster that is not the lab's.
    """
    own = arguments[: arguments.index("--")] if "--" in arguments else arguments
    named = named_profile(own)
    word = verb(own)
    by_hand = f"to do it by hand: {lines.of('shell', f'HOST -- sudo -iu {user} minikube ...')}"
    if word in ("start", "delete") and named not in (None, profile):
        raise UsageError(
            f"`{word}` of the profile {named!r} concerns a cluster that does not belong to the lab, "
            f"whose profile is {profile!r}", by_hand,
        )  # fmt: skip
    if word == "delete" and EVERYTHING & set(own):
        raise UsageError(
            "`delete` with --all or --purge also removes what is not the lab's", by_hand
        )
    return list(arguments) if named is not None else ["--profile", profile, *arguments]


def notices(lines: CommandLine) -> dict[str, str]:
    """Return what the user should know before a command of minikube, by command."""
    up = lines.of("up")
    return {
        "delete": f"deletes the cluster and its volumes, keeps the hosts; {up} creates a new cluster",
        "start": f"keeps the settings of an existing cluster; to change them, use the inventory and {up}",
    }


def verb(arguments: Sequence[str]) -> str:
    """Return the command of minikube: the first word that is neither a flag nor the name of a profile."""
    words = iter(arguments)
    for word in words:
        if word in PROFILE:
            next(words, None)
        elif not word.startswith("-"):
            return word
    return ""


def named_profile(arguments: Sequence[str]) -> str | None:
    """Return the profile that the arguments name last, or ``None``."""
    found = None
    for at, word in enumerate(arguments):
        if word in PROFILE:
            found = arguments[at + 1] if at + 1 < len(arguments) else ""
        elif word.startswith("--profile="):
            found = word.partition("=")[2]
        elif word.startswith("-p") and not word.startswith("--"):
            found = word[2:].removeprefix("=")
    return found
