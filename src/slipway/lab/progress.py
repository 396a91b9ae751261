"""Follow the progress that long modules write, on this machine and on hosts."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ansible_collections.slipway.lab.plugins.plugin_utils.remote import on_host

HOME = re.compile(r"~[A-Za-z0-9_.-]*")
# As in roles/minikube/defaults.
REMOTE_FILE = ".minikube-progress.jsonl"
# Seconds that the clocks of hosts may differ from ours.
CLOCKS_APART = 5.0
# Seconds for which the latest step of a source describes its work.
FRESH = 30.0


@dataclass(frozen=True)
class Step:
    """One line of a progress file."""

    time: float
    task: str
    message: str
    step: int | None = None
    total: int | None = None

    @property
    def text(self) -> str:
        """Return the line for people."""
        if self.step is not None and self.total:
            return f"step {self.step}/{self.total} {self.message}"
        return self.message


class LatestSteps:
    """Keep the latest step of each host, or of each module on this machine."""

    def __init__(self) -> None:
        self._steps: dict[str, tuple[float, Step]] = {}

    def add(self, step: Step, host: str, now: float) -> None:
        """Record a step."""
        self._steps[host or step.task] = (now, step)

    def fresh(self, sources: Collection[str], now: float) -> list[tuple[str, Step]]:
        """Return the steps of some hosts and modules that are not too old to describe their work."""
        return [
            (source, step)
            for source, (received, step) in list(self._steps.items())
            if now - received < FRESH and source in sources
        ]

    def clear(self) -> None:
        """Forget all steps."""
        self._steps.clear()


def parse(line: str) -> Step | None:
    """Read a line; ``None`` when it is not one (half-written, or not ours)."""
    try:
        data = json.loads(line)
        return Step(
            time=float(data["time"]),
            task=str(data["task"]),
            message=" ".join(str(data["message"]).split()),
            step=data.get("step"),
            total=data.get("total"),
        )
    except (ValueError, TypeError, KeyError):
        return None


class ProgressFile:
    """Read what was appended to a file since the last look."""

    def __init__(self, path: Path):
        self.path = path
        self._position = 0
        self._rest = b""

    def new_steps(self) -> Iterator[Step]:
        """Yield the new whole lines; begin again when the file became shorter."""
        try:
            with self.path.open("rb") as stream:
                if stream.seek(0, 2) < self._position:
                    self._position, self._rest = 0, b""
                stream.seek(self._position)
                content = stream.read()
                self._position = stream.tell()
        except OSError:
            return
        *lines, self._rest = (self._rest + content).split(b"\n")
        for line in lines:
            if step := parse(line.decode("utf-8", "replace")):
                yield step


class RemoteProgress:
    """Follow the progress files of hosts over SSH while their module runs."""

    def __init__(self, on_step: Callable[[str, Step], None]):
        self._on_step = on_step
        self._since = time.time() - CLOCKS_APART
        self._tails: dict[str, subprocess.Popen[str]] = {}
        self._closed = False

    def follow(self, host: str, variables: Mapping[str, Any]) -> None:
        """Begin to follow a host, once.

        Args:
            host: Its inventory name.
            variables: Its connection variables, templated.
        """
        command = tail_command(variables)
        if self._closed or host in self._tails or not command:
            return
        tail = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self._tails[host] = tail
        threading.Thread(target=self._read, args=(host, tail), daemon=True).start()

    def close(self) -> None:
        """Stop following."""
        self._closed = True
        for tail in self._tails.values():
            tail.terminate()
            tail.wait()

    def _read(self, host: str, tail: subprocess.Popen[str]) -> None:
        assert tail.stdout is not None
        for line in tail.stdout:
            step = parse(line)
            if step and step.time >= self._since:  # older ones are of an earlier run
                self._on_step(host, step)


def tail_command(variables: Mapping[str, Any]) -> list[str]:
    """Build the command that follows a host's progress file; empty when it cannot be followed.

    Args:
        variables: ``ansible_host`` and the other connection variables of the host, and
            ``minikube_user`` and ``minikube_progress_file`` where the inventory sets them.
    """
    path = str(variables.get("minikube_progress_file") or "")
    path = path or f"~{variables.get('minikube_user') or ''}/{REMOTE_FILE}"
    home, _, rest = path.partition("/")
    # A home must stay unquoted for the shell to find it.
    target = f"{home}/{shlex.quote(rest)}" if HOME.fullmatch(home) else shlex.quote(path)
    # The file belongs to Minikube's user, whose home only its owner and root may read.
    tail = f"tail -n 5 -F {target} 2>/dev/null"
    # `read` ends when the connection does, and takes the tail with it.
    script = f"{tail} & tail=$!; read -r _; kill $tail"
    if variables.get("ansible_connection") == "local":
        return ["sh", "-c", f"exec {tail}"]
    return on_host(variables, f"sudo -n sh -c {shlex.quote(script)}")
