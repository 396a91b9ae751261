"""Wait for many objects at once by watches, with one deadline, and fail early with the cause."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from ansible_collections.slipway.lab.plugins.module_utils.common.deadline import Deadline
from ansible_collections.slipway.lab.plugins.module_utils.kube.client import (
    MAX_IN_FLIGHT,
    KubeClient,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.discovery import Discovery
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.kinds import POD_KINDS
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import (
    ObjectRef,
    condition,
    is_ready,
    matches,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.paths import path_segment
from ansible_collections.slipway.lab.plugins.module_utils.kube.status import (
    debug_info as kube_evidence,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.status.failures import (
    AT_ONCE,
    BEFORE_CONTAINERS,
    FailureReason,
    FailureThresholds,
    containers_starting,
    event_failure_reason,
    pod_failure_reason,
    workload_failure_reason,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.status.revisions import (
    HASH,
    current_owner,
    is_current,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.status.rollout import (
    Status,
    desired_replicas,
    is_observed,
    rollout_status,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.status.service_probe import (
    SERVICE_LABEL,
    ServiceProbe,
    ready_addresses,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.watch import Event, Watch

TICK = 0.2
IDLE_TICK = 2.0
ASK_PAUSE, LONGEST_ASK_PAUSE = 0.1, 1.0
RECHECK_REVISION = 1.0
# clean-up of a failed wait may use this much time beyond the deadline
EVIDENCE = 4


@dataclass
class Target:
    """One object to wait for. ``probes`` are the services that must answer for goal "serving"."""

    ref: ObjectRef
    obj: dict
    created: bool = False
    probes: list[ServiceProbe] = field(default_factory=list)

    # what the wait finds out
    progress: Status = Status(False, "not seen yet")
    done_after: float | None = None
    answers: dict[str, str] = field(default_factory=dict)
    ask_at: float = 0.0
    ask_pause: float = ASK_PAUSE
    asking: bool = False
    owner: tuple[str, str] = ("none", "")
    owner_until: float = 0.0

    @property
    def uid(self) -> str:
        """Identity of the object that was applied."""
        return self.obj["metadata"].get("uid", "")

    def result(self) -> dict:
        """How it went, as a module returns it."""
        return {
            "kind": self.ref.kind,
            "namespace": self.ref.namespace,
            "name": self.ref.name,
            "state": self.progress.text,
            "seconds": round(self.done_after or 0.0, 3),
            "answers": list(self.answers.values()),
        }


class WaitError(KubeError):
    """Some objects can not succeed, or the time is up."""

    def __init__(self, failures: list[dict], more: int):
        message = "\n".join(kube_evidence.text(failure) for failure in failures)
        if more:
            message += f"\n... and {more} more"
        super().__init__(message, failures=failures)
        self.failures = failures


class Waiter:
    """Waits for Targets. ``say`` gets a line whenever something became ready."""

    def __init__(
        self,
        client: KubeClient,
        resources: Discovery,
        deadline: Deadline,
        thresholds: FailureThresholds,
        progress: Callable[[str], None] = lambda text: None,
    ):
        self.client = client
        self.resources = resources
        self.deadline = deadline
        self.thresholds = thresholds
        self.progress = progress
        self.unblocked: list[str] = []
        self.warnings: list[str] = []
        self._events: queue.Queue = queue.Queue()
        self._watches: list[Watch] = []
        self._targets: dict[ObjectRef, Target] = {}
        self._by_place: dict[tuple, dict[str, Target]] = {}
        # pods that are not ready, and what is wrong with any object, by uid
        self._pods: dict[str, dict] = {}
        self._troubles: dict[str, FailureReason] = {}
        # pods that a watch has told of, and what events said of others, by uid
        self._seen: set[str] = set()
        self._early: dict[str, FailureReason] = {}
        self._since: dict[tuple[str, str], float] = {}
        self._slices: dict[tuple[str, str], dict[str, dict]] = {}
        self._asked: ThreadPoolExecutor | None = None

    def wait(self, targets: list[Target]) -> list[dict]:
        """Return when all targets are there; raises WaitError, or KubeError when a watch is
        refused.
        """
        self._targets = {target.ref: target for target in targets}
        for target in targets:
            place = (target.ref.api_version, target.ref.kind, target.ref.namespace)
            self._by_place.setdefault(place, {})[target.ref.name] = target
            self._look(target)
        try:
            if self._open():
                self._start_watches()
                self._loop()
        finally:
            for watch in self._watches:
                watch.close()
            if self._asked:
                self._asked.shutdown(wait=False, cancel_futures=True)
        return [target.result() for target in targets]

    # -- watches
    # -------------------------------------------------------------------------------------

    def _start_watches(self) -> None:
        waiting = self._open()
        places = {(t.ref.api_version, t.ref.kind, t.ref.namespace) for t in waiting}
        for api_version, kind, namespace in places:
            names = [
                t.ref.name for t in waiting if (t.ref.kind, t.ref.namespace) == (kind, namespace)
            ]
            one = {"fieldSelector": f"metadata.name={names[0]}"} if len(names) == 1 else {}
            path = self.resources.require(api_version, kind).collection(namespace)
            self._watch(path, ("workload", api_version, kind, namespace), **one)
        for namespace in {t.ref.namespace for t in waiting if t.ref.kind in POD_KINDS}:
            here = [t for t in waiting if t.ref.namespace == namespace]
            root = f"/api/v1/namespaces/{path_segment(namespace)}"
            labels = _common_labels(here)
            self._watch(f"{root}/pods", ("pods", namespace), trim_pod, labelSelector=labels)
            self._watch(f"{root}/events", ("events", namespace), fieldSelector="type=Warning")
            if any(t.probes for t in here):
                path = (
                    f"/apis/discovery.k8s.io/v1/namespaces/{path_segment(namespace)}/endpointslices"
                )
                self._watch(path, ("slices", namespace))

    def _watch(
        self,
        path: str,
        tag: tuple,
        keep: Callable[[dict], dict] = lambda item: item,
        **selectors: str,
    ) -> None:
        watch = Watch(self.client, path, self._events, tag, keep, **selectors)
        self._watches.append(watch)
        watch.start()

    # -- the loop
    # ------------------------------------------------------------------------------------

    def _open(self) -> list[Target]:
        return [target for target in self._targets.values() if target.done_after is None]

    def _loop(self) -> None:
        open_targets = self._open()
        while open_targets:
            busy = self._troubles or any(t.asking or t.ask_at for t in open_targets)
            try:
                event = self._events.get(
                    timeout=min(TICK if busy else IDLE_TICK, self.deadline.remaining())
                )
                self._take(event)
                while True:
                    self._take(self._events.get_nowait())
            except queue.Empty:
                pass
            for target in open_targets:
                self._finish(target)
            still = self._open()
            if len(still) != len(open_targets):
                self.progress(f"{len(self._targets) - len(still)} of {len(self._targets)} ready")
            open_targets = still
            if open_targets:
                self._fail_early(open_targets)
                if self.deadline.passed:
                    self._time_is_up(open_targets)

    def _take(self, event: Event) -> None:
        what = event.tag[0]
        if event.kind == "FAILED":
            if what == "workload":
                raise event.value
            self.warnings.append(
                f"{what} can not be watched, causes may stay unknown: {event.value}"
            )
            return
        getattr(self, f"_take_{what}")(event)

    def _take_workload(self, event: Event) -> None:
        _, api_version, kind, namespace = event.tag
        targets = self._by_place[(api_version, kind, namespace)]
        if event.kind == "LIST":
            present = {obj["metadata"]["name"] for obj in event.value}
            for name, target in targets.items():
                if name not in present:
                    self._gone(target)
            found = event.value
        else:
            found = [event.value]
        for obj in found:
            target = targets.get(obj["metadata"]["name"])
            if target is None:
                continue
            if event.kind == "DELETED":
                self._gone(target)
                continue
            target.obj = {"apiVersion": api_version, "kind": kind, **obj}
            if target.owner[0] == "none":
                target.owner_until = 0.0
            self._look(target)

    def _gone(self, target: Target) -> None:
        if target.done_after is None:
            raise WaitError(
                [
                    kube_evidence.collect_debug_info(
                        self.client,
                        target.ref,
                        FailureReason(
                            "Deleted", "somebody else deleted it during the wait", AT_ONCE
                        ),
                        target.progress.text,
                        None,
                        "",
                    )
                ],
                0,
            )

    def _take_pods(self, event: Event) -> None:
        if event.kind == "LIST":
            here = {pod["metadata"]["uid"] for pod in event.value}
            for uid in [
                u for u, p in self._pods.items() if p["namespace"] == event.tag[1] and u not in here
            ]:
                self._forget(uid)
            for pod in event.value:
                self._take_pod(pod)
        elif event.kind == "DELETED":
            self._forget(event.value["metadata"]["uid"])
        else:
            self._take_pod(event.value)

    def _take_pod(self, pod: dict) -> None:
        metadata = pod["metadata"]
        uid = metadata["uid"]
        self._seen.add(uid)
        early = self._early.pop(uid, None)
        if not _awaited(pod):
            self._forget(uid)
            return
        spec = pod.get("spec") or {}
        self._pods[uid] = {
            "uid": uid,
            "name": metadata["name"],
            "namespace": metadata["namespace"],
            "labels": metadata.get("labels") or {},
            "owners": [owner["uid"] for owner in metadata.get("ownerReferences") or []],
            "node": spec.get("nodeName", ""),
            "containers": [entry["name"] for entry in spec.get("containers") or []],
            "claims": [
                volume["persistentVolumeClaim"]["claimName"]
                for volume in spec.get("volumes") or []
                if volume.get("persistentVolumeClaim")
            ],
            "containers_starting": containers_starting(pod),
        }
        known = self._troubles.get(uid)
        if known and self._overcome(uid, known):
            del self._troubles[uid], self._since[(uid, _class(known))]
        self._note(uid, pod_failure_reason(pod, self.thresholds), of_pod=True)
        if early:
            self._take_cause(uid, early)

    def _take_events(self, event: Event) -> None:
        if event.kind == "DELETED":
            return
        targets = {target.uid: target for target in self._targets.values()}
        for entry in event.value if event.kind == "LIST" else [event.value]:
            about = entry.get("involvedObject") or {}
            uid = about.get("uid", "")
            cause = event_failure_reason(entry, self.thresholds)
            if cause is None:
                continue
            if uid in targets:
                # an event of the list may be about an earlier declaration of an object that was
                # there
                if event.kind == "LIST" and not targets[uid].created:
                    continue
            elif event.kind == "LIST" and entry.get("reason") == "Failed":
                # the pull of an earlier event may be under way again: that the status tells
                continue
            elif about.get("kind") == "Pod" and uid not in self._seen:
                # events and pods come by different watches, in any order
                self._early[uid] = cause
                continue
            elif uid not in self._pods:
                continue
            self._take_cause(uid, cause)

    def _take_cause(self, uid: str, cause: FailureReason) -> None:
        if self._overcome(uid, cause):
            return
        if uid not in self._troubles or self._troubles[uid].patience is None:
            self._note(uid, cause)

    def _overcome(self, uid: str, cause: FailureReason) -> bool:
        """Whether containers of the pod get on, so that trouble before them is history."""
        return cause.reason in BEFORE_CONTAINERS and self._pods.get(uid, {}).get(
            "containers_starting", False
        )

    def _note(self, uid: str, cause: FailureReason | None, of_pod: bool = False) -> None:
        known = self._troubles.get(uid)
        if cause is None:
            # what an event told stays until the pod is ready; what the status told is over
            if (
                of_pod
                and known
                and not event_failure_reason({"reason": known.reason}, self.thresholds)
            ):
                del self._troubles[uid]
            return
        if known is None or known.reason != cause.reason:
            # ErrImagePull and ImagePullBackOff take turns: the clock of the pull goes on
            self._since.setdefault((uid, _class(cause)), time.monotonic())
        self._troubles[uid] = cause

    def _forget(self, uid: str) -> None:
        self._pods.pop(uid, None)
        self._troubles.pop(uid, None)
        for key in [key for key in self._since if key[0] == uid]:
            del self._since[key]

    def _take_slices(self, event: Event) -> None:
        namespace = event.tag[1]
        if event.kind == "LIST":
            for key in [key for key in self._slices if key[0] == namespace]:
                del self._slices[key]
        for part in event.value if event.kind == "LIST" else [event.value]:
            service = (part["metadata"].get("labels") or {}).get(SERVICE_LABEL, "")
            known = self._slices.setdefault((namespace, service), {})
            if event.kind == "DELETED":
                known.pop(part["metadata"]["name"], None)
            else:
                known[part["metadata"]["name"]] = part

    # -- success
    # -------------------------------------------------------------------------------------

    def _look(self, target: Target) -> None:
        target.progress = rollout_status(target.obj)
        if target.progress.done and not target.probes and target.done_after is None:
            target.done_after = self.deadline.elapsed()

    def _finish(self, target: Target) -> None:
        """Goal "serving": when rolled out, wait for the addresses, then ask."""
        if target.done_after is not None or not target.probes or not target.progress.done:
            return
        wanted = desired_replicas(target.obj)
        if not wanted:
            target.answers = {
                probe.name: f"{probe.name} has no pods by declaration" for probe in target.probes
            }
            target.done_after = self.deadline.elapsed()
            return
        for probe in target.probes:
            metadata = probe.service["metadata"]
            slices = self._slices.get((metadata["namespace"], metadata["name"]), {})
            ready = ready_addresses(list(slices.values()))
            if ready < wanted:
                target.progress = Status(
                    True, f"{probe.name} has {ready} of {wanted} ready addresses"
                )
                return
        if target.asking or time.monotonic() < target.ask_at:
            return
        target.asking, target.ask_at = True, time.monotonic()
        if self._asked is None:
            self._asked = ThreadPoolExecutor(MAX_IN_FLIGHT, thread_name_prefix="ask")
        self._asked.submit(self._ask, target)

    def _ask(self, target: Target) -> None:
        answers = []
        for probe in target.probes:
            try:
                answers.append((probe.name, *probe.ask()))
            except KubeError as error:
                answers.append((probe.name, False, str(error)))
        self._events.put(Event(("asked", target.ref), "ASKED", answers))

    def _take_asked(self, event: Event) -> None:
        target = self._targets[event.tag[1]]
        target.asking = False
        target.answers = {name: text for name, _, text in event.value}
        bad = [text for _, good, text in event.value if not good]
        if bad:
            target.progress = Status(True, bad[0])
            target.ask_at = time.monotonic() + target.ask_pause
            target.ask_pause = min(target.ask_pause * 2, LONGEST_ASK_PAUSE)
        else:
            target.progress = Status(
                True, f"{rollout_status(target.obj).text}, {event.value[0][2]}"
            )
            target.done_after = self.deadline.elapsed()

    # -- failure
    # -------------------------------------------------------------------------------------

    def _fail_early(self, targets: list[Target]) -> None:
        now, failed = time.monotonic(), []
        for target in targets:
            cause = (
                workload_failure_reason(target.obj, self.thresholds)
                if is_observed_or_job(target.obj)
                else None
            )
            if cause:
                self._since.setdefault((target.uid, _class(cause)), now)
                if self._ripe(target.uid, cause, now):
                    # a pod explains why the rollout stands still, not why others are refused
                    pod = None if cause.reason == "FailedCreate" else self._pod_of(target, now)
                    failed.append((target, self._troubles[pod["uid"]] if pod else cause, pod))
                    continue
            cause = self._troubles.get(target.uid)
            if cause and self._ripe(target.uid, cause, now):
                failed.append((target, cause, None))
        for uid, cause in list(self._troubles.items()):
            pod = self._pods.get(uid)
            if pod is None or not self._ripe(uid, cause, now):
                continue
            for target in targets:
                if _selects(target, pod) and (target.ref.kind != "Job" or not cause.crashed):
                    if self._current(target, pod, now):
                        failed.append((target, cause, pod))
                    elif target.ref.kind == "StatefulSet" and self.owner_known(target):
                        self._unblock(target, pod)
        if failed:
            self._raise(failed, "")

    def _ripe(self, uid: str, cause: FailureReason, now: float) -> bool:
        if cause.patience is None:
            return False
        return (
            cause.patience == AT_ONCE
            or now - self._since.get((uid, _class(cause)), now) >= cause.patience
        )

    def _pod_of(self, target: Target, now: float) -> dict | None:
        """A pod whose trouble explains the trouble of its workload."""
        for uid in self._troubles:
            pod = self._pods.get(uid)
            if pod and _selects(target, pod) and self._current(target, pod, now):
                return pod
        return None

    def _current(self, target: Target, pod: dict, now: float) -> bool:
        if target.created:
            # it has no pods of before; a busy controller takes seconds to say what it has observed
            return True
        if now >= target.owner_until:
            try:
                target.owner = current_owner(self.client, target.obj)
            except KubeError:
                target.owner = ("none", "")
            target.owner_until = now + RECHECK_REVISION
        return is_current(pod, target.owner)

    def owner_known(self, target: Target) -> bool:
        """Whether the current revision of the target is known."""
        return target.owner[0] == "hash" and bool(target.owner[1])

    def _unblock(self, target: Target, pod: dict) -> None:
        """A StatefulSet waits for a broken pod of an old revision for ever; its deletion is the
        known way out.
        """
        if pod["labels"].get(HASH) is None or pod["name"] in self.unblocked:
            return
        self.unblocked.append(pod["name"])
        path = (
            f"/api/v1/namespaces/{path_segment(pod['namespace'])}/pods/{path_segment(pod['name'])}"
        )
        self.client.delete(path, {"preconditions": {"uid": pod["uid"]}})
        self.progress(
            f"{target.ref}: deleted pod {pod['name']}, which was broken and of an old revision"
        )

    def _time_is_up(self, targets: list[Target]) -> None:
        failed = []
        now = time.monotonic()
        for target in targets:
            pod = self._pod_of(target, now)
            cause = (
                (self._troubles.get(pod["uid"]) if pod else None)
                or self._troubles.get(target.uid)
                or workload_failure_reason(target.obj, self.thresholds)
                or FailureReason("Timeout", target.progress.text, None)
            )
            failed.append((target, cause, pod))
        self._raise(failed, f" (not ready after {self.deadline.seconds:g} s)")

    def _raise(self, failed: list[tuple[Target, FailureReason, dict | None]], waited: str) -> None:
        unique = {target.ref: (target, cause, pod) for target, cause, pod in reversed(failed)}
        chosen = list(unique.values())
        found = self.client.parallel(
            lambda item: kube_evidence.collect_debug_info(
                self.client, item[0].ref, item[1], item[0].progress.text, item[2], waited
            ),
            chosen[:EVIDENCE],
        )
        raise WaitError(
            [entry for entry in found if isinstance(entry, dict)], len(chosen) - len(found)
        )


def _awaited(pod: dict) -> bool:
    """Whether a pod is still to become ready."""
    return not is_ready(pod) and not pod["metadata"].get("deletionTimestamp")


def trim_pod(pod: dict) -> dict:
    """A listed pod without what the wait does not look at: ten thousand whole ones take 200 MB."""
    metadata = {k: v for k, v in pod["metadata"].items() if k != "managedFields"}
    if _awaited(pod):
        return {**pod, "metadata": metadata}
    # all that is done with it is to forget it
    metadata = {k: v for k, v in metadata.items() if k in ("uid", "name", "deletionTimestamp")}
    return {"metadata": metadata, "status": {"conditions": [condition(pod, "Ready")]}}


def is_observed_or_job(obj: dict) -> bool:
    """Whether the status may be believed: a Job has no observedGeneration."""
    return obj["kind"] == "Job" or is_observed(obj)


def _class(cause: FailureReason) -> str:
    return "pull" if cause.reason in ("ErrImagePull", "ImagePullBackOff") else cause.reason


def _selects(target: Target, pod: dict) -> bool:
    if target.ref.namespace != pod["namespace"]:
        return False
    if target.ref.kind == "Pod":
        return target.uid == pod["uid"]
    return matches((target.obj.get("spec") or {}).get("selector"), pod["labels"])


def _common_labels(targets: list[Target]) -> str:
    """A selector that lets through the pods of all targets and as few others as can be."""
    common: set | None = None
    for target in targets:
        template = ((target.obj.get("spec") or {}).get("template") or {}).get("metadata") or {}
        labels = set((template.get("labels") or {}).items())
        common = labels if common is None else common & labels
    return ",".join(f"{name}={value}" for name, value in sorted(common or ()))
