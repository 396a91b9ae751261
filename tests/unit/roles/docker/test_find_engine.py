"""roles/docker/files/find-engine: which engine a machine has.

Stand-ins for the client print what Docker 28 prints.
"""

import os
import subprocess
from pathlib import Path

SCRIPT = Path(__file__).parents[4] / "roles/docker/files/find-engine"
# The client prints the template before it fails.
NO_ENGINE = "#!/bin/sh\necho; echo 'Cannot connect to the Docker daemon' >&2; exit 1\n"
ENGINE = "#!/bin/sh\necho 28.2.2\n"


def find_engine(directory: Path, **programs: str) -> list[str]:
    """Return the lines that the script prints on a machine with these programs."""
    for name, text in programs.items():
        (directory / name).write_text(text)
        (directory / name).chmod(0o755)
    done = subprocess.run(
        ["/bin/sh", SCRIPT],
        env=os.environ | {"PATH": str(directory)},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()


def answers(lines: list[str]) -> list[str]:
    """Return the lines about an engine that answers; the machine of the test may have a daemon."""
    return [line for line in lines if line.startswith("answers")]


def test_client_without_an_engine_is_no_engine(tmp_path):
    assert answers(find_engine(tmp_path, docker=NO_ENGINE)) == []


def test_engine_that_answers_is_found(tmp_path):
    assert answers(find_engine(tmp_path, docker=ENGINE)) == ["answers 28.2.2"]


def test_daemon_is_found_by_its_path(tmp_path):
    lines = find_engine(tmp_path, dockerd="#!/bin/sh\n", docker=NO_ENGINE)

    assert lines == [str(tmp_path / "dockerd")]


def test_daemon_of_a_snap_is_found(tmp_path):
    snap = tmp_path / "snap/docker/current/bin"
    snap.mkdir(parents=True)
    (snap / "dockerd").write_text("#!/bin/sh\n")
    (snap / "dockerd").chmod(0o755)
    # Without the system's own directories, because the machine of the test may have a daemon there.
    text = SCRIPT.read_text().replace("/usr/sbin:/sbin:", "").replace("/snap", f"{tmp_path}/snap")
    done = subprocess.run(
        ["/bin/sh", "-c", text], env={"PATH": "/none"}, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == [str(snap / "dockerd")]
