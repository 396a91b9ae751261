"""Forward ports of loopback to a Service, even when its pods are replaced."""

from __future__ import annotations

import re
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from slipway.errors import SlipwayError
from slipway.lab.cluster import kubectl_command
from slipway.lab.project import Project

ADDRESS = "127.0.0.1"
LINE = re.compile(rf"Forwarding from {re.escape(ADDRESS)}:(\d+) -> ")
PAUSE = 1.0


class Forward:
    """One ``kubectl port-forward``, which is started again when it ends.

    kubectl forwards to one pod of the Service, and ends when that pod does. The next start takes another pod and the
    same local ports.

    Args:
        project: The lab.
        namespace: Namespace of the Service.
        service: Name of the Service.
        ports: Its ports.
    """

    def __init__(self, project: Project, namespace: str, service: str, ports: Sequence[int]):
        self._command = kubectl_command(
            project,
            "port-forward",
            f"--address={ADDRESS}",
            f"--namespace={namespace}",
            f"service/{service}",
        )
        self._ports = ports
        self._local: list[str] = []
        self._child: subprocess.Popen[str] | None = None

    @contextmanager
    def started(self) -> Iterator[list[int]]:
        """Forward within this block; its value is the local port of each port.

        Raises:
            SlipwayError: kubectl cannot forward, for example because the Service has no ready pod.
        """
        with tempfile.TemporaryFile("w+") as self._errors:
            try:
                reason = self._start()
                if reason:
                    raise SlipwayError(f"the Service cannot be reached: {reason}")
                yield [int(port) for port in self._local]
            finally:
                self._end()

    def keep(self) -> Iterator[str]:
        """Start kubectl again whenever it ends; yield why it ended or could not start."""
        while True:
            assert self._child is not None
            self._child.wait()
            yield self._said()
            time.sleep(PAUSE)
            while reason := self.mend():
                yield reason
                time.sleep(PAUSE)

    def mend(self) -> str:
        """Start kubectl again if it has ended; return why that failed, or an empty string."""
        if self._child is not None and self._child.poll() is None:
            return ""
        self._end()
        return self._start()

    def _start(self) -> str:
        """Start kubectl, and return why it failed; empty when all ports are forwarded."""
        local = self._local or [""] * len(self._ports)
        pairs = [f"{mine}:{port}" for mine, port in zip(local, self._ports, strict=True)]
        self._errors.seek(0)
        self._errors.truncate()
        self._child = child = subprocess.Popen(
            [*self._command, *pairs], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=self._errors, text=True,
        )  # fmt: skip
        found: list[str] = []
        assert child.stdout is not None
        while len(found) < len(self._ports):
            line = child.stdout.readline()
            if not line:
                self._end()
                return self._said()
            if match := LINE.match(line):
                found.append(match[1])
        self._local = found
        # kubectl writes a line for each connection, and would wait for a reader
        threading.Thread(target=child.stdout.read, daemon=True).start()
        return ""

    def _said(self) -> str:
        """Return the last line of kubectl's errors."""
        self._errors.seek(0)
        return self._errors.read().strip().rpartition("\n")[2] or "kubectl ended"

    def _end(self) -> None:
        if self._child is not None:
            self._child.terminate()
            self._child.wait()
            self._child = None
