"""Open only the watches that a wait needs."""

from __future__ import annotations

import queue
from collections.abc import Callable

from ansible_collections.slipway.lab.plugins.module_utils.kube.client import KubeClient
from ansible_collections.slipway.lab.plugins.module_utils.kube.discovery import Discovery
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import (
    ApiError,
    UnseenError,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.kinds import POD_KINDS, own_kind
from ansible_collections.slipway.lab.plugins.module_utils.kube.paths import (
    name_selector,
    path_segment,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.wait.pod_tracker import trim_pod
from ansible_collections.slipway.lab.plugins.module_utils.kube.wait.target import Target
from ansible_collections.slipway.lab.plugins.module_utils.kube.watch import Event, Watch, silence_of


class Subscriptions:
    """The watches of one wait. All of them put their events into one queue.

    The tag of an event is ``("workload", api_version, kind, namespace)``,
    ``("pods", namespace)``, ``("events", namespace)`` or ``("slices", namespace)``.

    Args:
        client: Sends the requests.
        discovery: Finds the paths of kinds.
    """

    def __init__(self, client: KubeClient, discovery: Discovery):
        self.events: queue.Queue = queue.Queue()
        self.warnings: list[str] = []
        self._client = client
        self._discovery = discovery
        self._watches: list[Watch] = []

    def open(self, targets: list[Target]) -> None:
        """Watch these targets, their pods, their warnings and the addresses of their services."""
        for api_version, kind, namespace in {
            (t.ref.api_version, t.ref.kind, t.ref.namespace) for t in targets
        }:
            names = [
                t.ref.name for t in targets if (t.ref.kind, t.ref.namespace) == (kind, namespace)
            ]
            single = {"fieldSelector": name_selector(names[0])} if len(names) == 1 else {}
            path = self._discovery.require(api_version, kind).collection(namespace)
            self._watch(path, ("workload", api_version, kind, namespace), **single)
        for namespace in {t.ref.namespace for t in targets if t.ref.own_kind in POD_KINDS}:
            with_pods = [
                t for t in targets if t.ref.namespace == namespace and t.ref.own_kind in POD_KINDS
            ]
            self._watch_pods(namespace, with_pods)
        for namespace in {t.ref.namespace for t in targets if t.probes}:
            group = f"/apis/discovery.k8s.io/v1/namespaces/{path_segment(namespace)}"
            self._watch(f"{group}/endpointslices", ("slices", namespace))

    def _watch_pods(self, namespace: str, targets: list[Target]) -> None:
        core = f"/api/v1/namespaces/{path_segment(namespace)}"
        labels = common_labels(targets)
        self._watch(f"{core}/pods", ("pods", namespace), trim_pod, labelSelector=labels)
        self._watch(f"{core}/events", ("events", namespace), fieldSelector="type=Warning")

    def _watch(
        self,
        path: str,
        tag: tuple,
        keep: Callable[[dict], dict] = lambda item: item,
        **selectors: str,
    ) -> None:
        watch = Watch(self._client, path, self.events, tag, keep, **selectors)
        self._watches.append(watch)
        watch.start()

    def trouble(self, of_targets: bool) -> Exception | None:
        """Return why the last events may be out of date, or None while the watches work.

        Args:
            of_targets: Whether only the watches on targets count.
        """
        for watch in self._watches:
            if watch.trouble and (watch.tag[0] == "workload" or not of_targets):
                return watch.trouble
        return None

    def silence(self) -> Exception | None:
        """Return why the API server does not answer, or None."""
        return silence_of(self._client)

    def dispatch(self, handlers: dict[str, Callable[[Event], None]], timeout: float) -> None:
        """Give the next event, and all others that have arrived, to their handlers.

        Args:
            handlers: By the first part of the tag of an event.
            timeout: Seconds to wait for the first event.

        Raises:
            UnseenError: The API server refused to watch workloads, or failed.
        """
        try:
            self._give(self.events.get(timeout=timeout), handlers)
            while True:
                self._give(self.events.get_nowait(), handlers)
        except queue.Empty:
            return

    def _give(self, event: Event, handlers: dict[str, Callable[[Event], None]]) -> None:
        source = event.tag[0]
        if event.kind != "FAILED":
            handlers[source](event)
        elif source == "workload" and not _may_stay_unknown(event):
            raise UnseenError(str(event.value), **event.value.result)
        elif source == "workload":
            handlers[source](event)
            self.warnings.append(
                f"{event.tag[2]} cannot be watched, so it was not waited for: {event.value}"
            )
        else:
            if source == "slices":
                handlers[source](event)
            self.warnings.append(
                f"{source} cannot be watched, so reasons may stay unknown: {event.value}"
            )

    def close(self) -> None:
        """End all watches."""
        for watch in self._watches:
            watch.close()


def _may_stay_unknown(event: Event) -> bool:
    """Return whether a task continues without a refused watch: the object has no pods."""
    is_refused = isinstance(event.value, ApiError) and event.value.status == 403
    return is_refused and own_kind(*event.tag[1:3]) not in POD_KINDS


def common_labels(targets: list[Target]) -> str:
    """Return a label selector that all pods of the targets match, and few other pods."""
    common: set | None = None
    for target in targets:
        template = ((target.obj.get("spec") or {}).get("template") or {}).get("metadata") or {}
        labels = set((template.get("labels") or {}).items())
        common = labels if common is None else common & labels
    return ",".join(f"{name}={value}" for name, value in sorted(common or ()))
