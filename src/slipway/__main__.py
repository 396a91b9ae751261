"""Entry point of the launcher, which starts this file by its path.

Only this file sets where Python finds Slipway's own code: ``src`` and the collection.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:1] = [str(ROOT / "src"), str(ROOT / "collections")]

from slipway.cli import main  # noqa: E402 - the path must be set before

main(prog_name="slipway")
