"""A lock that allows one run per lab on this machine, and names its holder."""

from __future__ import annotations

import contextlib
import fcntl
import getpass
import hashlib
import json
import os
import tempfile
import time
import uuid
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType

from ansible_collections.slipway.lab.plugins.module_utils.labs.reading import socket_path
from slipway.errors import SlipwayError
from slipway.exit_codes import ExitCode

LOCKS = Path("/run/lock")


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

    The lock of the machine excludes runs of all accounts on a lab of that name. The file in the state
    of the lab records the holder. The kernel releases the locks when their holder dies, however it
    dies. What the holder wrote about itself then remains: :attr:`dead` tells the next one whose
    processes may still run.
    """

    def __init__(self, state: Path, lab: str, command: str):
        self.path = state / "lock"
        self.machine = MachineLock(lab)
        self.lab = lab
        self.run = uuid.uuid4().hex
        self.dead: Holder | None = None
        self._command = command

    def __enter__(self) -> LabLock:
        """Take the lock.

        Raises:
            LabBusyError: Another process holds it.
        """
        me = Holder(os.getpid(), getpass.getuser(), self._command, time.time(), self.run)
        self.machine.take(me)
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._file = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        if not take(self._file):
            holder = _parse(os.read(self._file, 4096))
            os.close(self._file)
            self.machine.release()
            raise LabBusyError(self.lab, holder)
        self.dead = _parse(os.read(self._file, 4096))
        write(self._file, json.dumps(asdict(me)))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Release the lock, and remove the holder's record."""
        write(self._file, "")
        os.close(self._file)
        self.machine.release()


class MachineLock:
    """The lock of a lab's name on the engine of this machine, for all accounts.

    Args:
        lab: Name of the lab.
    """

    def __init__(self, lab: str):
        self.lab = lab
        engine = hashlib.sha256(os.path.realpath(socket_path()).encode()).hexdigest()[:8]
        folder = LOCKS if os.access(LOCKS, os.W_OK) else Path(tempfile.gettempdir())
        self.path = folder / f"slipway-{engine}-{lab}.lock"

    def take(self, me: Holder) -> None:
        """Take the lock.

        Args:
            me: This run, which the file names to others.

        Raises:
            LabBusyError: Another process holds it.
        """
        while True:
            try:
                self._file = self._open()
            except FileNotFoundError:  # released just now
                continue
            if not take(self._file):
                holder = _parse(os.read(self._file, 4096))
                os.close(self._file)
                raise LabBusyError(self.lab, holder)
            if self._is_current():
                break
            os.close(self._file)
        write(self._file, json.dumps(asdict(me)))

    def release(self) -> None:
        """Release the lock, and remove its file unless that belongs to another account."""
        write(self._file, "")
        with contextlib.suppress(OSError):
            self.path.unlink()
        os.close(self._file)

    def _is_current(self) -> bool:
        """Return whether the open file still has its name, so that others try to lock the same one."""
        try:
            return os.path.samestat(os.fstat(self._file), os.stat(self.path))
        except FileNotFoundError:
            return False

    def _open(self) -> int:
        """Open the file, which every account can lock."""
        with contextlib.suppress(FileExistsError):
            made = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
            os.fchmod(made, 0o666)
            return made
        # In a directory of all accounts, the kernel opens the file of another account only without O_CREAT.
        return os.open(self.path, os.O_RDWR | os.O_NOFOLLOW)


def take(file: int) -> bool:
    """Lock an open file; return whether that was possible."""
    for pause in (0.1, 0.2, 0):  # holder_of may hold it for an instant
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            time.sleep(pause)
    return False


def write(file: int, text: str) -> None:
    """Replace the content of an open file."""
    os.ftruncate(file, 0)
    os.pwrite(file, text.encode(), 0)


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
