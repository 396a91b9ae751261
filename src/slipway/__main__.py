"""Entry point of the launcher, which starts this file by its path."""

import sys
from pathlib import Path

sys.path[:1] = [str(Path(__file__).resolve().parents[1])]

from slipway.cli import main  # noqa: E402 - the path must be set before

main(prog_name="slipway")
