"""A small bundle, written by the script of the role."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

WRITER = Path(__file__).parents[4] / "roles/bundle/files/write_bundle.py"


def write(job: dict) -> dict:
    done = subprocess.run(
        [sys.executable, str(WRITER)], input=json.dumps(job), capture_output=True, text=True, check=False
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture
def made(tmp_path):
    """The job, its result, and the function that writes it again."""
    project = tmp_path / "checkout"
    (project / "src").mkdir(parents=True)
    (project / "slipway").write_text("#!/bin/sh\n")
    (project / "slipway").chmod(0o755)
    (project / "src/link").symlink_to("../slipway")
    (project / "untracked").write_text("secret")
    for command in (["init", "-q"], ["add", "slipway", "src"]):
        subprocess.run(["git", "-C", str(project), *command], check=True)
    node = tmp_path / "cache/artifacts/node/abc"
    node.mkdir(parents=True)
    (node / "node.tar").write_bytes(b"node" * 1000)
    digest = subprocess.run(
        ["sha256sum", node / "node.tar"], capture_output=True, text=True, check=True
    ).stdout.split()[0]
    record = {"name": "node", "sha256": {"node.tar": digest}, "stamps": {"node.tar": [1, 2, 3, 4]}}
    (node / "artifact.json").write_text(json.dumps(record))
    files = tmp_path / "cache/wheels"
    files.mkdir()
    (files / "one.whl").write_bytes(b"wheel")
    key = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-qt", "ed25519", "-N", "", "-f", str(key)], check=True)
    machine = __import__("platform").machine()
    job = {
        "output": str(tmp_path / "lab.bundle"),
        "key": str(key),
        "project": str(project),
        "about": {"machine": machine, "systems": ["debian13"], "source": "build"},
        "entries": [
            {"source": str(node), "target": "artifacts/node/abc"},
            {"source": str(files), "target": "offline/wheels"},
        ],
    }
    return SimpleNamespace(
        job=job, result=write(job), again=lambda: write(job), path=Path(job["output"])
    )
