"""Carry a lab to a machine without a network."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from slipway.bundle.load import run
from slipway.commands.converge import converge
from slipway.commands.options import json_option, lab_options, service_vars, services_option
from slipway.commands.playbook_options import PlaybookCommand, playbook_options
from slipway.lab.choice import LabChoice


@click.group()
def bundle() -> None:
    """Carry a lab to a machine without a network, as one signed file."""


@bundle.command(cls=PlaybookCommand, epilog="""\b
Examples:
  ./slipway bundle save lab.bundle
  ./slipway bundle save lab.bundle --with monitoring --lessons
  ./slipway bundle save lab.bundle -e '{"bundle_systems": ["debian12", "debian13"]}'""")  # fmt: skip
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--lessons", is_flag=True, help="Add the programs and images of the lessons.")
@services_option
@lab_options
@playbook_options
def save(choice: LabChoice, file: Path, lessons: bool, services: str | None, **given: Any) -> None:
    """Write programs, images, packages and Python environments into FILE.

    Makes what is missing in the cache first, which needs the network. Prints the checksum and the
    public key that signed the file.
    """
    chosen = {"bundle_file": str(file.resolve()), "bundle_lessons": lessons}
    choice = replace(
        choice,
        extra_vars=(*choice.extra_vars, *service_vars(services), json.dumps(chosen)),
    )
    sys.exit(converge("bundle", ("bundle",), False, choice, given, "bundle/result.json"))


@bundle.command(epilog="""\b
Examples:
  ./slipway bundle load lab.bundle --signed-by maker.pub
  ./slipway bundle load lab.bundle --sha256 9ded8ed97c5b6cd8...""")  # fmt: skip
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--signed-by", default="", metavar="KEY",
              help="The public SSH key of the maker, or a file with it.")  # fmt: skip
@click.option("--sha256", default="", metavar="DIGEST", help="The checksum of FILE.")
@json_option
def load(file: Path, signed_by: str, sha256: str, as_json: bool) -> None:
    """Verify FILE and put its contents into the cache.

    `up` then installs and pulls everything from the cache. Needs --signed-by or --sha256.
    """
    run(file, signed_by, sha256, as_json)
