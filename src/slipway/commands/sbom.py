"""Write a bill of materials of what was built and downloaded."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from slipway.commands.converge import converge
from slipway.commands.options import lab_options
from slipway.commands.playbook_options import PlaybookCommand, playbook_options
from slipway.lab.choice import LabChoice


@click.command(cls=PlaybookCommand, epilog="""\b
Examples:
  ./slipway sbom slipway.cdx.json""")  # fmt: skip
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@lab_options
@playbook_options
def sbom(choice: LabChoice, file: Path, **given: Any) -> None:
    """Write a bill of materials (CycloneDX 1.6) of everything in the cache into FILE.

    It lists each artifact with the sha256 of its files, the Go modules of its programs, the Debian
    packages of its root file systems, and the pinned Python packages.
    """
    chosen = json.dumps({"sbom_file": str(file.resolve())})
    choice = replace(choice, extra_vars=(*choice.extra_vars, chosen))
    sys.exit(converge("sbom", ("sbom",), False, choice, given))
