"""Files and programs of a made-up machine, for tests of its preflight."""

from pathlib import Path


def put(machine, path, text=""):
    target = machine.root / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text)


def tool(machine, name, script="exit 0"):
    target = Path(machine.environ["PATH"]) / name
    target.parent.mkdir(exist_ok=True)
    target.write_text(f"#!/bin/sh\n{script}\n")
    target.chmod(0o755)
