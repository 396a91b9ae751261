"""roles/docker/files/dockerd-background: the daemon on a machine without systemd.

A stand-in for the daemon is a real process named dockerd that writes its process id and makes
`docker version` answer.
"""

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[4] / "roles/docker/files/dockerd-background"

DOCKERD = """#!/bin/sh
[ ! -e "$RUN/broken" ] || { echo "failed to start daemon: no space left" >&2; exit 1; }
# As the real one: refuses while the process in the file lives, whoever that is.
if [ -e "$RUN/docker.pid" ] && [ -d "/proc/$(cat "$RUN/docker.pid")" ]; then
  echo "process with PID $(cat "$RUN/docker.pid") is still running" >&2
  exit 1
fi
echo $$ >"$RUN/docker.pid"
trap 'rm -f "$RUN/docker.pid" "$RUN/answers"; exit' TERM
trap 'touch "$RUN/reloaded"' HUP
[ -e "$RUN/silent" ] || touch "$RUN/answers"
while :; do sleep 0.05; done
"""
DOCKER = '#!/bin/sh\ntest -e "$RUN/answers"\n'


class Machine:
    """A run directory and a path with stand-ins for docker and dockerd."""

    def __init__(self, directory: Path):
        self.run = directory / "run"
        self.log = directory / "dockerd.log"
        self.environment = {
            "PATH": f"{directory / 'bin'}:{os.environ['PATH']}",
            "RUN": str(self.run),
            "DOCKERD_RUN": str(self.run),
            "DOCKERD_LOG": str(self.log),
            "DOCKERD_TIMEOUT": "5",
        }
        (directory / "bin").mkdir()
        self.run.mkdir()
        for name, text in {"docker": DOCKER, "dockerd": DOCKERD}.items():
            program = directory / "bin" / name
            program.write_text(text)
            program.chmod(0o755)

    def __call__(self, action: str, **environment: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            # no shell can trap what was ignored when it started, as below nohup
            ["env", "--default-signal=HUP", SCRIPT, action],
            env=self.environment | environment,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )

    @property
    def pid(self) -> int:
        return int((self.run / "docker.pid").read_text())

    def kill(self) -> None:
        """Kill the daemon as a crash or a lost session does: its files stay."""
        os.kill(self.pid, signal.SIGKILL)
        while Path(f"/proc/{self.pid}/exe").exists():  # a zombie has none
            time.sleep(0.01)
        (self.run / "answers").unlink(missing_ok=True)


@pytest.fixture
def machine(tmp_path):
    machine = Machine(tmp_path)
    yield machine
    if (machine.run / "docker.pid").exists():
        comm = Path(f"/proc/{machine.pid}/comm")
        if comm.exists() and comm.read_text() == "dockerd\n":
            machine.kill()


def test_started_once(machine):
    first = machine("started")
    assert (first.returncode, first.stdout) == (0, "changed\n"), first.stderr
    pid = machine.pid
    again = machine("started")
    assert (again.returncode, again.stdout) == (0, "")
    assert machine.pid == pid


def test_daemon_outlives_the_session_that_started_it(machine):
    machine("started")
    assert os.getsid(machine.pid) != os.getsid(0)


def test_killed_daemon_is_started_again(machine):
    machine("started")
    machine.kill()
    assert machine("started").stdout == "changed\n"


def test_dead_daemon_that_nobody_has_collected(machine):
    zombie = subprocess.Popen(["/bin/sh", "-c", "echo dockerd >/proc/self/comm; exit"])
    os.waitid(os.P_PID, zombie.pid, os.WEXITED | os.WNOWAIT)
    (machine.run / "docker.pid").write_text(str(zombie.pid))
    assert machine("started").stdout == "changed\n"
    zombie.wait()


def test_process_id_that_is_somebody_elses_now(machine):
    (machine.run / "docker.pid").write_text(str(os.getpid()))
    assert machine("started").stdout == "changed\n"
    assert machine.pid != os.getpid()


def test_containerd_id_that_is_somebody_elses_now(machine):
    file = machine.run / "docker/containerd/containerd.pid"
    file.parent.mkdir(parents=True)
    file.write_text(str(os.getpid()))
    machine("started")
    assert not file.exists()


def test_daemon_that_does_not_come_up_is_explained_at_once(machine):
    (machine.run / "broken").touch()
    result = machine("started", DOCKERD_TIMEOUT="600")
    assert result.returncode == 1
    assert "exited immediately" in result.stderr and "no space left" in result.stderr


@pytest.mark.slow
def test_daemon_that_stays_silent_is_given_up(machine):
    (machine.run / "silent").touch()
    result = machine("started", DOCKERD_TIMEOUT="1")
    assert result.returncode == 1
    assert "did not answer for 1 s" in result.stderr


def test_stopped_and_restarted(machine):
    assert machine("stopped").stdout == ""
    machine("started")
    pid = machine.pid
    assert machine("restarted").returncode == 0
    assert machine.pid != pid
    assert machine("stopped").stdout == "changed\n"
    assert not (machine.run / "docker.pid").exists()


def test_restarted_when_it_did_not_run(machine):
    result = machine("restarted")
    assert (result.returncode, result.stdout) == (0, "changed\n")


def test_reloaded_by_the_same_process(machine):
    machine("started")
    pid = machine.pid
    assert machine("reloaded").stdout == "changed\n"
    deadline = time.monotonic() + 30
    while not (machine.run / "reloaded").exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert (machine.run / "reloaded").exists()
    assert machine.pid == pid
