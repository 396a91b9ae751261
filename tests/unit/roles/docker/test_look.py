"""roles/docker/files/look: what a host already has, and how its daemon is started."""

import os
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[4] / "roles/docker/files/look"


def look(directory: Path, *things: str) -> list[str]:
    """Return the lines that the script prints on a host whose files are below ``directory``."""
    text = SCRIPT.read_text()
    for place in ("/etc/default/docker", "/run/docker.pid"):
        text = text.replace(place, str(directory / Path(place).name))
    done = subprocess.run(
        ["/bin/sh", "-c", text, "look", *things],
        env=os.environ | {"PATH": f"{directory}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()


def program(directory: Path, name: str, answer: str) -> None:
    (directory / name).write_text(f"#!/bin/sh\necho '{answer}'\n")
    (directory / name).chmod(0o755)


@pytest.mark.parametrize("state", ["active", "inactive"])
def test_a_part_of_a_swarm_is_found(tmp_path, state):
    program(tmp_path, "docker", state)
    assert look(tmp_path, "swarm") == (["swarm"] if state == "active" else [])


def test_options_of_the_unit_and_of_its_file_are_found(tmp_path):
    unit = "{ path=/usr/sbin/dockerd ; argv[]=/usr/sbin/dockerd -H fd:// --live-restore=true $DOCKER_OPTS ; }"
    program(tmp_path, "systemctl", unit)
    (tmp_path / "docker").write_text(
        '# DOCKER_OPTS="--dns 8.8.8.8"\nDOCKER_OPTS="--log-driver journald"\n'
    )
    wanted = ("--live-restore", "--log-driver", "--log", "--dns")
    assert look(tmp_path, *wanted) == ["--live-restore", "--log-driver"]


def test_options_of_the_running_daemon_are_found(tmp_path):
    program(tmp_path, "systemctl", "")
    daemon = subprocess.Popen(["sh", "-c", "sleep 60 # $0", "--log-opt=max-size=1m"])
    try:
        (tmp_path / "docker.pid").write_text(str(daemon.pid))
        assert look(tmp_path, "--log-opt", "--log-driver") == ["--log-opt"]
    finally:
        daemon.kill()
        daemon.wait()
