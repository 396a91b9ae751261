"""The slipway command: set-up, preflight, progress and reports around Slipway's playbooks."""

import sys
import time
from pathlib import Path

__version__ = "0.2.0"
# When the command began, on the monotonic clock. Imports take a while on a busy machine.
STARTED = time.monotonic()

# The package imports modules of the collection, which the same checkout contains.
_COLLECTIONS = str(Path(__file__).resolve().parents[2] / "collections")
if _COLLECTIONS not in sys.path:
    sys.path.append(_COLLECTIONS)
