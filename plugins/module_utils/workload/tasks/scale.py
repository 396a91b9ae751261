"""What the ``workload_scale`` module does, step by step."""

from __future__ import annotations

import time
from typing import Any

from ansible_collections.slipway.lab.plugins.module_utils.common.deadline import Deadline
from ansible_collections.slipway.lab.plugins.module_utils.common.progress import Progress
from ansible_collections.slipway.lab.plugins.module_utils.kube import validation as workload_checks
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.applier import Applier
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.object_change import (
    ObjectChange,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.reader import read_live
from ansible_collections.slipway.lab.plugins.module_utils.kube.client import KubeClient
from ansible_collections.slipway.lab.plugins.module_utils.kube.discovery import Discovery
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.kinds import (
    SCALABLE_APP_KINDS,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ObjectRef, ref_of
from ansible_collections.slipway.lab.plugins.module_utils.kube.ops import scale as kube_scale
from ansible_collections.slipway.lab.plugins.module_utils.kube.ops.scale import Scaling
from ansible_collections.slipway.lab.plugins.module_utils.kube.status.failures import (
    FailureThresholds,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.validation import ValidationErrors
from ansible_collections.slipway.lab.plugins.module_utils.kube.wait.target import Target
from ansible_collections.slipway.lab.plugins.module_utils.kube.wait.waiter import Waiter
from ansible_collections.slipway.lab.plugins.module_utils.workload.render.workload import autoscaler


def declared(params: dict) -> tuple[list[Scaling], ValidationErrors]:
    """The workloads that the task names, with what is wrong about them."""
    problems = ValidationErrors()
    namespace = params["namespace"]
    entries = params.get("workloads") or ([params] if params.get("name") else [])
    one = not params.get("workloads")
    scalings, seen = [], set()
    for index, entry in enumerate(entries):
        where = "workload_scale" if one else f"workloads[{index}]"
        workload_checks.subdomain(problems, f"{where}.name", entry["name"])
        key = ObjectRef(
            "apps/v1",
            entry.get("kind") or "Deployment",
            entry.get("namespace") or namespace,
            entry["name"] or "",
        )
        workload_checks.label_name(problems, f"{where}.namespace", key.namespace)
        if key in seen:
            problems.add(where, f"{key} is named twice")
        seen.add(key)
        replicas = (
            entry.get("replicas") if entry.get("replicas") is not None else params.get("replicas")
        )
        scalings.append(
            _scaling(key, replicas, entry.get("current_replicas"), params, problems, where)
        )
    return scalings, problems


def _scaling(
    key: ObjectRef,
    replicas: Any,
    current: int | None,
    params: dict,
    problems: ValidationErrors,
    where: str,
) -> Scaling:
    if params.get("autoscale"):
        if replicas is not None:
            problems.add(where, "replicas and autoscale contradict each other")
        return Scaling(key, "+0", current)
    try:
        return Scaling(key, kube_scale.parse_replicas(replicas), current)
    except KubeError as error:
        problems.add(where, str(error))
        return Scaling(key, 0)


class ScaleTask:
    """One run of the module. ``params`` are its parameters; ``check`` is check mode."""

    def __init__(self, params: dict, check: bool = False):
        self.params = {**params, "namespace": params.get("namespace") or "default"}
        self.check = check
        self.progress = Progress(params.get("progress_file"), "workload_scale")
        self.deadline = Deadline(params["wait_timeout"])

    def run(self) -> dict:
        """Scale and wait; raises KubeError before anything is changed when one workload can not be
        scaled.
        """
        started = time.monotonic()
        scalings, problems = declared(self.params)
        if not scalings and not self.params.get("selector"):
            problems.add("workload_scale", "nothing is named; give name, workloads or selector")
        problems.stop()
        self.client = KubeClient(self.params)
        self.resources = Discovery(self.client)
        self.resources.load(["apps/v1"])
        if self.params.get("selector"):
            scalings = self._selected(problems)
        self._each(lambda scaling: kube_scale.read(self.client, self.resources, scaling), scalings)
        if self.params.get("autoscale"):
            return self._autoscale(scalings, started)
        changed = [scaling for scaling in scalings if scaling.changed]
        self._refuse_autoscaled(changed)
        if not self.check:
            self._each(
                lambda scaling: kube_scale.write(self.client, self.resources, scaling), changed
            )
        result = {
            "changed": bool(changed),
            "workloads": [
                {
                    "kind": scaling.ref.kind,
                    "namespace": scaling.ref.namespace,
                    "name": scaling.ref.name,
                    "before": scaling.before,
                    "after": scaling.after,
                }
                for scaling in scalings
            ],
            "diff": {
                "before": {str(s.ref): {"replicas": s.before} for s in changed},
                "after": {str(s.ref): {"replicas": s.after} for s in changed},
            },
        }
        if self.params["wait"] and not self.check:
            self._wait(scalings, result)
        result["seconds"] = round(time.monotonic() - started, 3)
        return result

    def _selected(self, problems: ValidationErrors) -> list[Scaling]:
        kinds = [self.params["kind"]] if self.params.get("kind") else list(SCALABLE_APP_KINDS)
        keys = kube_scale.select(
            self.client, self.resources, self.params["namespace"], kinds, self.params["selector"]
        )
        if not keys:
            raise KubeError(
                f"selector {self.params['selector']!r} finds no {' or '.join(kinds)} "
                f"in namespace {self.params['namespace']}"
            )
        current = self.params.get("current_replicas")
        scalings = [
            _scaling(
                key, self.params.get("replicas"), current, self.params, problems, "workload_scale"
            )
            for key in keys
        ]
        problems.stop()
        return scalings

    def _each(self, work, scalings: list[Scaling]) -> None:
        errors = [e for e in self.client.parallel(work, scalings) if isinstance(e, KubeError)]
        if errors:
            raise KubeError("\n".join(map(str, errors)), **errors[0].result)

    def _refuse_autoscaled(self, scalings: list[Scaling]) -> None:
        if self.params["allow_autoscaled"] or not scalings:
            return
        owners = kube_scale.autoscalers(self.client, {s.ref.namespace for s in scalings})
        owned = [
            f"{s.ref} belongs to HorizontalPodAutoscaler {owners[place]}"
            for s in scalings
            if (place := (s.ref.namespace, s.ref.kind, s.ref.name)) in owners and s.after != 0
        ]
        if owned:
            raise KubeError(
                f"{'; '.join(owned)}: it would undo the number; "
                "change its bounds (autoscale), or set allow_autoscaled: true"
            )

    def _wait(self, scalings: list[Scaling], result: dict) -> None:
        targets = [Target(scaling.ref, scaling.live) for scaling in scalings]
        thresholds = FailureThresholds(
            **{k: v for k, v in (self.params.get("fail_after") or {}).items() if v is not None}
        )
        self.progress(f"waiting for {len(targets)} workloads")
        waiter = Waiter(self.client, self.resources, self.deadline, thresholds, self.progress)
        try:
            waited = waiter.wait(targets)
        except KubeError as error:
            error.result = {**result, **error.result}
            raise
        for entry, one in zip(result["workloads"], waited, strict=True):
            entry["seconds"], entry["state"] = one["seconds"], one["state"]

    def _autoscale(self, scalings: list[Scaling], started: float) -> dict:
        """Declare the autoscaler of each workload."""
        problems = ValidationErrors()
        objects = [
            autoscaler(
                {"name": s.ref.name, "namespace": s.ref.namespace, "kind": s.ref.kind},
                self.params["autoscale"],
                problems,
                "autoscale",
            )
            for s in scalings
        ]
        problems.stop()
        applier = Applier(self.client, self.resources, self.deadline, dry_run=self.check)
        self.resources.load({obj["apiVersion"] for obj in objects})
        live = read_live(self.client, self.resources, [ref_of(obj) for obj in objects])
        changes: list[ObjectChange] = applier.apply(objects, live)
        return {
            "changed": any(change.changed for change in changes),
            "autoscalers": [change.result() for change in changes],
            "workloads": [
                {
                    "kind": s.ref.kind,
                    "namespace": s.ref.namespace,
                    "name": s.ref.name,
                    "before": s.before,
                    "after": s.before,
                }
                for s in scalings
            ],
            "seconds": round(time.monotonic() - started, 3),
        }
