"""Run the minikube executable and parse its output.

``start``, ``stop``, ``pause``, ``unpause`` and ``delete`` speak CloudEvents with ``-o json``: one JSON object
per line, types ``io.k8s.sigs.minikube.{step,info,warning,error,download,download.progress}`` (source:
pkg/minikube/out/register/log.go of Minikube). Every other command speaks text.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.slipway.lab.plugins.module_utils.common.errors import SlipwayError

EVENT_TYPE_PREFIX = "io.k8s.sigs.minikube."
SPEAKS_JSON = ("start", "stop", "pause", "unpause", "delete")
KILL_GRACE_SECONDS = 10
# Seconds for a command that only reads.
QUERY_SECONDS = 60
TEXT_TAIL_LINES = 20

Report = Callable[[str, "int | None", "int | None"], None]


@dataclass
class Event:
    """One line of Minikube: ``kind`` is the last part of the CloudEvents type, or ``text``."""

    kind: str
    message: str
    data: dict[str, str] = field(default_factory=dict)


@dataclass
class Outcome:
    """The result of a command, with its output."""

    command: list[str]
    rc: int
    events: list[Event]
    stdout: str
    stderr: str
    timed_out: bool = False

    @property
    def warnings(self) -> list[str]:
        """Return the warnings, without repetitions, in the order of their coming."""
        return list(dict.fromkeys(e.message for e in self.events if e.kind == "warning"))


class MinikubeError(SlipwayError):
    """Minikube failed. ``details`` has Minikube's own advice and codes, if it had any."""

    def __init__(self, message: str, **details: Any):
        super().__init__(message)
        self.details = details


def parse_line(line: str) -> Event | None:
    """Return the event of one output line, or None for an empty one."""
    text = line.strip()
    if not text:
        return None
    if text.startswith("{"):
        try:
            raw = json.loads(text)
        except ValueError:
            raw = {}
        kind = str(raw.get("type", ""))
        if kind.startswith(EVENT_TYPE_PREFIX):
            data = {k: str(v) for k, v in (raw.get("data") or {}).items()}
            message = data.get("message") or data.get("artifact", "")
            return Event(kind.removeprefix(EVENT_TYPE_PREFIX), message, data)
    return Event("text", re.sub(r"^[*!X-]\s+", "", text))


def failure(outcome: Outcome) -> MinikubeError:
    """Return the error of a failed command.

    The event that carries an exit code is the reason; errors before it are remarks. Text commands print
    ``Exiting due to ID: message``, ``Suggestion: ...`` and ``Documentation: URL`` on stderr.
    """
    name = " ".join(outcome.command[:2])
    details = {"command": " ".join(outcome.command), "rc": outcome.rc, "warnings": outcome.warnings}
    errors = [e for e in outcome.events if e.kind == "error"]
    fatal = next(
        (e for e in reversed(errors) if e.data.get("exitcode")), errors[-1] if errors else None
    )
    steps = [e for e in outcome.events if e.kind == "step"]
    if steps:
        details["last_step"] = steps[-1].message
    if outcome.timed_out:
        last = f"; the last step was: {steps[-1].message}" if steps else ""
        return MinikubeError(
            f"minikube {name} did not finish in time{last}", id="TIMEOUT", **details
        )
    if fatal is not None:
        return MinikubeError(
            fatal.message,
            id=fatal.data.get("name", ""),
            advice=fatal.data.get("advice", ""),
            url=fatal.data.get("url", ""),
            issues=[i for i in fatal.data.get("issues", "").split(",") if i],
            exitcode=int(fatal.data.get("exitcode") or outcome.rc),
            **details,
        )
    return _text_failure(name, outcome, details)


def _text_failure(name: str, outcome: Outcome, details: dict) -> MinikubeError:
    said = f"{outcome.stdout}\n{outcome.stderr}"
    reason = re.search(r"Exiting due to ([A-Z0-9_]+): (.+)", said)
    advice = re.search(r"Suggestion: (.+)", said)
    url = re.search(r"(?:Documentation|Related issue): (\S+)", said)
    tail = [line.strip() for line in said.splitlines() if line.strip()][-TEXT_TAIL_LINES:]
    return MinikubeError(
        reason.group(2).strip()
        if reason
        else f"minikube {name} failed: " + ("\n".join(tail) or "no output"),
        id=reason.group(1) if reason else "",
        advice=advice.group(1).strip() if advice else "",
        url=url.group(1) if url else "",
        exitcode=outcome.rc,
        **details,
    )


class MinikubeCli:
    """The minikube executable for one profile.

    ``environment`` is added to the process environment. ``lock_fd`` is a file descriptor that every
    command inherits, so that a lock on it lives as long as a command that outlived its module.
    """

    def __init__(
        self,
        executable: str,
        profile: str,
        environment: dict[str, str],
        report: Report = lambda message, step, total: None,
    ):
        self.executable = executable
        self.profile = profile
        self.environment = environment
        self.report = report
        self.lock_fd: int | None = None
        self._child: subprocess.Popen | None = None

    def run(
        self,
        *args: str,
        timeout: float | None = None,
        environment: dict[str, str] | None = None,
        check: bool = True,
    ) -> Outcome:
        """Run ``minikube -p PROFILE ARGS`` and return how it ended.

        Args:
            args: command and its options, without the profile.
            timeout: seconds until the command is terminated.
            environment: variables for this command only.
            check: raise when it failed.

        Raises:
            MinikubeError: the command failed or did not finish in time (only with ``check``).
        """
        command = [self.executable, *args, "-p", self.profile]
        if args[0] in SPEAKS_JSON:
            command += ["-o", "json"]
        env = {**os.environ, **self.environment, **(environment or {})}
        outcome = self._stream(list(args), command, env, timeout)
        if check and outcome.rc != 0:
            raise failure(outcome)
        return outcome

    def query(self, *args: str) -> Any:
        """Return the JSON answer of a reading command, or None when there is none.

        ``minikube status`` tells the state with its exit code, so the code is not looked at.
        """
        try:
            done = subprocess.run(
                [self.executable, *args, "-p", self.profile, "-o", "json"],
                check=False,
                env={**os.environ, **self.environment},
                capture_output=True,
                text=True,
                timeout=QUERY_SECONDS,
                stdin=subprocess.DEVNULL,
            )
            return json.loads(done.stdout)
        except subprocess.TimeoutExpired as error:
            raise MinikubeError(
                f"minikube {' '.join(args)} did not end within {QUERY_SECONDS} s", id="NO_ANSWER"
            ) from error
        except ValueError:
            return None

    def terminate(self) -> None:
        """End the running command with its children, first politely."""
        child = self._child
        if child is None or child.poll() is not None:
            return
        os.killpg(child.pid, signal.SIGTERM)
        try:
            child.wait(KILL_GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)

    def _stream(
        self, args: list[str], command: list[str], env: dict, timeout: float | None
    ) -> Outcome:
        child = subprocess.Popen(
            command,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            start_new_session=True,
            pass_fds=() if self.lock_fd is None else (self.lock_fd,),
        )
        self._child = child
        stderr: list[str] = []
        errors = threading.Thread(target=lambda: stderr.extend(child.stderr), daemon=True)
        errors.start()
        expired = threading.Event()
        timer = threading.Timer(timeout or 0, self._expire, (expired,))
        if timeout:
            timer.start()
        try:
            lines, events = self._read(child)
            rc = child.wait()
        finally:
            timer.cancel()
            self._child = None
        errors.join(1)
        return Outcome(args, rc, events, "".join(lines), "".join(stderr), expired.is_set())

    def _expire(self, expired: threading.Event) -> None:
        expired.set()
        self.terminate()

    def _read(self, child: subprocess.Popen) -> tuple[list[str], list[Event]]:
        """Read the output to its end, and report progress meanwhile; return lines and events."""
        lines, events = [], []
        for line in child.stdout:
            lines.append(line)
            if event := parse_line(line):
                events.append(event)
                self._tell(event)
        return lines, events

    def _tell(self, event: Event) -> None:
        if event.kind not in ("step", "download", "text") or not event.message:
            return
        step, total = event.data.get("currentstep", ""), event.data.get("totalsteps", "")
        self.report(
            event.message,
            int(step) if step.isdigit() else None,
            int(total) if total.isdigit() else None,
        )


def deadline(seconds: float) -> Callable[[], float]:
    """Return a function that gives the seconds that are left, at least one."""
    end = time.monotonic() + seconds
    return lambda: max(1.0, end - time.monotonic())
