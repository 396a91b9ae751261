"""roles/packages/files/apt: an interrupted run of dpkg, and one that still runs."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

APT = Path(__file__).parents[4] / "roles/packages/files/apt"
# dpkg 1.21 prints this. A run is over after "busy" more calls.
DPKG = """#!/bin/sh
busy=$(cat "$STATE/busy")
if [ "$busy" -gt 0 ]; then
  echo $((busy - 1)) >"$STATE/busy"
  echo "dpkg: error: dpkg frontend lock was locked by another process with pid 4992" >&2
  [ "$busy" -gt 1 ] || rm -f "$STATE/updates/0001"
  exit 2
fi
[ ! -e "$STATE/broken" ] || { echo "dpkg: error: the status file is damaged" >&2; exit 2; }
rm "$STATE/updates/0001"
"""


@pytest.fixture
def finish(tmp_path):
    (tmp_path / "bin").mkdir()
    (tmp_path / "updates").mkdir()
    (tmp_path / "bin/dpkg").write_text(DPKG)
    (tmp_path / "bin/dpkg").chmod(0o755)
    (tmp_path / "busy").write_text("0")
    text = APT.read_text().replace("/var/lib/dpkg/updates", str(tmp_path / "updates"))
    path = f"{tmp_path / 'bin'}:{os.environ['PATH']}"

    def run(seconds: int) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["sh", "-c", text, "apt", "finish", str(seconds)],
            env=os.environ | {"PATH": path, "STATE": str(tmp_path)},
            capture_output=True,
            text=True,
        )

    return run


def test_a_complete_system_needs_nothing(finish):
    done = finish(0)
    assert (done.returncode, done.stdout) == (0, "")


def test_an_interrupted_run_is_finished(finish, tmp_path):
    (tmp_path / "updates/0001").touch()
    done = finish(0)
    assert (done.returncode, done.stdout) == (0, "finished\n")


def test_a_running_package_manager_is_waited_for(finish, tmp_path):
    (tmp_path / "updates/0001").touch()
    (tmp_path / "busy").write_text("1")
    done = finish(30)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_wait_for_a_package_manager_ends(finish, tmp_path):
    (tmp_path / "updates/0001").touch()
    (tmp_path / "busy").write_text("9")
    done = finish(0)
    assert done.returncode == 1
    assert "locked by another process with pid 4992" in done.stderr


def test_another_failure_is_reported_at_once(finish, tmp_path):
    (tmp_path / "updates/0001").touch()
    (tmp_path / "broken").touch()
    done = finish(30)
    assert done.returncode == 1
    assert "the status file is damaged" in done.stderr
