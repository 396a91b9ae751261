"""The logs of an application in the lab, and its address on loopback."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime

from slipway.errors import SlipwayError
from slipway.lab.cluster import read_objects
from slipway.lab.cluster_services import balancer_urls, find_service, node_urls, tcp_ports, url
from slipway.lab.forward import ADDRESS, Forward
from slipway.lab.project import Project
from slipway.lab.target_commands import pod_logs
from slipway.lab.targets import APP, Target
from slipway.run.lab_status import read_report

# The label that playbooks/dev.yml gives the pods of an application.
LABEL = "slipway.lab/dev"
# Seconds before kubectl is started again.
PAUSE = 1.0


class Attachment:
    """Shows the logs of an application, and forwards a port of loopback to its Service.

    Args:
        project: The lab.
    """

    def __init__(self, project: Project):
        self._project = project
        self._name = self._namespace = self._trouble = ""
        self._urls: list[str] = []
        self._forward: Forward | None = None
        self._opened = ExitStack()
        self._logs: subprocess.Popen[bytes] | None = None
        self._since = _now()
        self._next = 0.0

    def attach(self, name: str, namespace: str, service: str) -> None:
        """Begin with an application that serves; later calls keep what works already.

        Args:
            name: Name of the application.
            namespace: Its namespace.
            service: Name of its Service; empty without one.
        """
        self._name, self._namespace, self._trouble = name, namespace, ""
        if service and not self._urls:
            try:
                self._urls = self._reach(service)
            except SlipwayError as problem:
                self._trouble = str(problem)

    def pause(self) -> None:
        """Stop to show logs. The lines of the meantime follow later."""
        if self._logs is not None:
            self._logs.terminate()
            self._logs.wait()
            self._logs = None
        self._since, self._next = _now(), 0.0

    def mend(self) -> None:
        """Show logs, and forward the port again if that has ended."""
        shown = self._logs is not None and self._logs.poll() is None
        if shown:
            self._since = _now()
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + PAUSE
        if self._name and not shown:
            self._logs = subprocess.Popen(
                self._log_command(), stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
        if self._forward is not None:
            self._forward.mend()

    def lines(self, succeeded: bool) -> Iterator[str]:
        """Yield lines about what serves after a pass.

        Args:
            succeeded: Whether the pass succeeded.
        """
        if succeeded:
            yield from self._urls
        elif serving := self._serving():
            yield f"still serving: {', '.join(serving)}"
        if self._trouble:
            yield self._trouble
        yield "waiting for a change, until Ctrl-C"

    def end(self) -> None:
        """End the programs that show logs and forward."""
        self.pause()
        self._opened.close()

    def _reach(self, name: str) -> list[str]:
        """Return the addresses of a Service, which is forwarded unless it has one outside of the cluster."""
        service = find_service(self._project, name, self._namespace)
        hosts = [str(one["address"]) for one in read_report(self._project).get("hosts", [])]
        if found := balancer_urls(service) or node_urls(service, hosts):
            return found
        ports = tcp_ports(service)
        forward = Forward(self._project, self._namespace, name, [one["port"] for one in ports])
        local = self._opened.enter_context(forward.started())
        self._forward = forward
        return [url(port, ADDRESS, mine) for port, mine in zip(ports, local, strict=True)]

    def _serving(self) -> list[str]:
        """Return the images of the containers that are ready."""
        chosen = ("--namespace", self._namespace, "--selector", f"{LABEL}={self._name}")
        try:
            pods = read_objects(self._project, "pods", *chosen) if self._name else []
        except SlipwayError:
            return []
        containers = [
            one for pod in pods for one in pod.get("status", {}).get("containerStatuses", [])
        ]
        return sorted({one["image"] for one in containers if one["ready"]})

    def _log_command(self) -> list[str]:
        selector = f"{LABEL}={self._name}"
        target = Target(APP, self._name, self._namespace, selector=selector)
        command = pod_logs(
            self._project, target, follow=True, tail=-1, container=None, previous=False
        )
        return [*command, f"--since-time={self._since}", "--ignore-errors"]


def _now() -> str:
    return datetime.now(UTC).isoformat().replace("+00:00", "Z")
