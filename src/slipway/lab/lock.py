"""A lock that allows one run per lab, and names its holder."""

from __future__ import annotations

import fcntl
import getpass
import json
import os
import time
import uuid
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType

from slipway.errors import SlipwayError
from slipway.exit_codes import ExitCode


@dataclass(frozen=True)
class Holder:
    """The run that holds, or held, the lock."""

    pid: int
    user: str
    command: str
    since: float
    run: str

    @property
    def started(self) -> str:
        """Return the local time of the start."""
        return time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(self.since))


class LabBusyError(SlipwayError):
    """Another run holds the lab."""

    kind = "busy"
    exit_code = ExitCode.UNFIT

    def __init__(self, lab: str, holder: Holder | None):
        self.holder = holder
        who = "another run"
        if holder:
            who = f"{holder.user} (process {holder.pid}, {holder.command}, since {holder.started})"
        super().__init__(f'lab "{lab}" is held by {who}; nothing was changed')


class LabLock:
    """Hold a lab while a block runs.

    The kernel releases the lock when its holder dies, however it dies. What the holder wrote about
    itself then remains: :attr:`dead` tells the next one whose processes may still run.
    """

    def __init__(self, state: Path, lab: str, command: str):
        self.path = state / "lock"
        self.lab = lab
        self.run = uuid.uuid4().hex
        self.dead: Holder | None = None
        self._command = command

    def __enter__(self) -> LabLock:
        """Take the lock.

        Raises:
            LabBusyError: Another process holds it.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._file = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        if not self._take():
            holder = _parse(os.read(self._file, 4096))
            os.close(self._file)
            raise LabBusyError(self.lab, holder)
        self.dead = _parse(os.read(self._file, 4096))
        me = Holder(os.getpid(), getpass.getuser(), self._command, time.time(), self.run)
        self._write(json.dumps(asdict(me)))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Release the lock, and remove the holder's record."""
        self._write("")
        os.close(self._file)

    def _take(self) -> bool:
        for pause in (0.1, 0.2, 0):  # holder_of may hold it for an instant
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return True
            except BlockingIOError:
                time.sleep(pause)
        return False

    def _write(self, text: str) -> None:
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, text.encode(), 0)


def holder_of(state: Path) -> tuple[Holder | None, bool]:
    """Return what the lock file says, and whether its holder lives.

    Args:
        state: State directory of the lab.
    """
    try:
        descriptor = os.open(state / "lock", os.O_RDWR)
    except OSError:
        return None, False
    try:
        holder = _parse(os.read(descriptor, 4096))
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return holder, False
    except BlockingIOError:
        return holder, True
    finally:
        os.close(descriptor)


def _parse(content: bytes) -> Holder | None:
    try:
        return Holder(**json.loads(content))
    except (ValueError, TypeError):
        return None
