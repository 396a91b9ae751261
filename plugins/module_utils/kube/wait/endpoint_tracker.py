"""Track the ready addresses of services, and probe the services that have enough of them."""

from __future__ import annotations

import queue
import time
from concurrent.futures import ThreadPoolExecutor

from ansible_collections.slipway.lab.plugins.module_utils.common.deadline import Deadline
from ansible_collections.slipway.lab.plugins.module_utils.common.selectors import selector_text
from ansible_collections.slipway.lab.plugins.module_utils.kube.client import MAX_IN_FLIGHT
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.status.rollout import (
    Status,
    desired_replicas,
    rollout_status,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.status.service_probe import (
    SERVICE_LABEL,
    ServiceProbe,
    ready_addresses,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.wait.target import Target
from ansible_collections.slipway.lab.plugins.module_utils.kube.watch import Event

MAX_PROBE_BACKOFF = 1.0


class EndpointTracker:
    """The EndpointSlices of services, and the probes that run.

    Args:
        events: Receives the answers of probes, with the tag ``("answers", target)``.
        deadline: Measures how long each target took.
    """

    def __init__(self, events: queue.Queue, deadline: Deadline):
        self._events = events
        self._deadline = deadline
        self._slices: dict[tuple[str, str], dict[str, dict]] = {}
        self._pool: ThreadPoolExecutor | None = None
        # namespaces whose EndpointSlices the account may not watch
        self._unreadable: set[str] = set()
        self.warnings: list[str] = []

    def take_slices(self, event: Event) -> None:
        """Take an event of a watch on EndpointSlices."""
        namespace = event.tag[1]
        if event.kind == "FAILED":
            self._unreadable.add(namespace)
            return
        if event.kind == "LIST":
            for key in [key for key in self._slices if key[0] == namespace]:
                del self._slices[key]
        for part in event.value if event.kind == "LIST" else [event.value]:
            metadata = part["metadata"]
            service = (metadata.get("labels") or {}).get(SERVICE_LABEL, "")
            known = self._slices.setdefault((namespace, service), {})
            if event.kind == "DELETED":
                known.pop(metadata["name"], None)
            else:
                known[metadata["name"]] = part

    def check(self, target: Target) -> None:
        """Probe a target that is rolled out and has all of its addresses."""
        if not target.is_open or not target.probes or not target.status.done:
            return
        # a Service of the task whose pods others declare needs one address
        wanted = 1 if target.ref.own_kind == "Service" else desired_replicas(target.obj)
        if not wanted:
            target.answers = {
                probe.name: f"{probe.name} has no pods by declaration" for probe in target.probes
            }
            target.finish(self._deadline.elapsed())
            return
        for probe in target.probes:
            if probe.service is None or target.ref.namespace in self._unreadable:
                continue
            ready = self._ready_addresses(probe)
            if ready < wanted:
                text = f"{probe.name} has {ready} of {wanted} ready addresses"
                if target.ref.own_kind == "Service":
                    selector = selector_text({"matchLabels": target.obj["spec"]["selector"]})
                    text += f"; no ready pod matches its selector {selector}"
                target.status = Status(True, text)
                return
        if not target.is_probing and time.monotonic() >= target.next_probe:
            self._start_probes(target)

    def _ready_addresses(self, probe: ServiceProbe) -> int:
        metadata = probe.service["metadata"]
        slices = self._slices.get((metadata["namespace"], metadata["name"]), {})
        return ready_addresses(list(slices.values()))

    def _start_probes(self, target: Target) -> None:
        target.is_probing, target.next_probe = True, time.monotonic()
        if self._pool is None:
            self._pool = ThreadPoolExecutor(MAX_IN_FLIGHT, thread_name_prefix="probe")
        self._pool.submit(self._run_probes, target)

    def _run_probes(self, target: Target) -> None:
        answers = []
        for probe in target.probes:
            try:
                answers.append((probe.name, *probe.run()))
            except KubeError as error:
                answers.append((probe.name, False, str(error)))
        self._events.put(Event(("answers", target), "ANSWERED", answers))

    def take_answers(self, event: Event) -> None:
        """Take the answers of all probes of a target: name, whether it serves, and the text."""
        target, answers = event.tag[1], event.value
        target.is_probing = False
        target.answers = {name: text for name, _, text in answers}
        self.warnings += [probe.unasked for probe in target.probes if probe.unasked]
        bad = [text for _, good, text in answers if not good]
        if bad:
            target.status = Status(True, bad[0])
            target.next_probe = time.monotonic() + target.probe_backoff
            target.probe_backoff = min(target.probe_backoff * 2, MAX_PROBE_BACKOFF)
        else:
            target.status = Status(True, f"{rollout_status(target.obj).text}, {answers[0][2]}")
            target.finish(self._deadline.elapsed())

    def close(self) -> None:
        """Stop probing. A probe that runs ends by its own timeout."""
        if self._pool:
            self._pool.shutdown(wait=False, cancel_futures=True)
