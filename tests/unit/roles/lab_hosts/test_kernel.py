"""roles/lab_hosts/files/kernel: settings of the machine that outlive a restart."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[4] / "roles/lab_hosts/files/kernel"


@pytest.fixture
def kernel(tmp_path):
    """Run the script with files of the test, and an engine that lists the given networks."""
    docker = tmp_path / "docker"
    docker.write_text('#!/bin/sh\nprintf "%s" "$NETWORKS"\n')
    docker.chmod(0o755)
    files = [tmp_path / "limits.conf", tmp_path / "modules.conf"]

    def run(*words, networks=""):
        done = subprocess.run(
            [SCRIPT, *words, *files],
            env={"PATH": f"{tmp_path}:{os.environ['PATH']}", "NETWORKS": networks},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    run.files = files
    return run


def test_a_prediction_names_the_files_and_writes_none(kernel):
    said = kernel("--dry-run", "always")
    assert all(f"changed {path}" in said for path in kernel.files)
    assert not any(path.exists() for path in kernel.files)


def test_the_end_of_the_last_lab_removes_the_files(kernel):
    for path in kernel.files:
        path.write_text("fs.inotify.max_user_instances = 4096\n")
    assert kernel("absent", networks="another-lab") == ""
    assert "changed" in kernel("--dry-run", "absent")
    assert all(path.exists() for path in kernel.files)
    assert kernel("absent").count("changed") == 2
    assert not any(path.exists() for path in kernel.files)
    assert kernel("absent") == ""
