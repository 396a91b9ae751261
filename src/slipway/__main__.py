"""Entry point of the launcher, which starts this file by its path."""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent)

from slipway.cli import main  # noqa: E402 - the path must be set before

main(prog_name="slipway")
