"""What the ``workload`` module does, step by step."""

from __future__ import annotations

import time
from typing import Any

from ansible_collections.slipway.lab.plugins.module_utils.common.deadline import Deadline
from ansible_collections.slipway.lab.plugins.module_utils.common.progress import Progress
from ansible_collections.slipway.lab.plugins.module_utils.kube import manifests as kube_manifests
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.applier import Applier
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.applyset import ApplySet
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.object_change import (
    ApplyError,
    ObjectChange,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.reader import read_live
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.rollback import (
    delete_created,
    roll_back,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.client import KubeClient
from ansible_collections.slipway.lab.plugins.module_utils.kube.diff import ansible_diff
from ansible_collections.slipway.lab.plugins.module_utils.kube.discovery import Discovery
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.kinds import ROLLOUT_KINDS
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import (
    ObjectRef,
    matches,
    ref_of,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.ops.restart import restart
from ansible_collections.slipway.lab.plugins.module_utils.kube.status.failures import (
    FAIL_AFTER,
    FailureThresholds,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.status.rollout import PREDICATES
from ansible_collections.slipway.lab.plugins.module_utils.kube.status.service_probe import (
    ServiceProbe,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.validation import (
    ValidationErrors,
    label_name,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.wait.errors import WaitError
from ansible_collections.slipway.lab.plugins.module_utils.kube.wait.target import Target
from ansible_collections.slipway.lab.plugins.module_utils.kube.wait.waiter import Waiter
from ansible_collections.slipway.lab.plugins.module_utils.workload.arguments import APP_OPTIONS
from ansible_collections.slipway.lab.plugins.module_utils.workload.removal import (
    DATA,
    objects_of_apps,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.render.workload import render_app

ROLLBACK_SECONDS = 60
MAX_APPS = 10_000


class ApplyTask:
    """One run of the module. ``params`` are its parameters; ``check`` is check mode."""

    def __init__(self, params: dict, check: bool = False, diff: bool = False):
        self.params = {**params, "namespace": params.get("namespace") or "default"}
        self.check = check
        self.diff = diff
        self.progress = Progress(params.get("progress_file"), "workload")
        self.deadline = Deadline(params["wait_timeout"])
        self.serve: dict[tuple[str, str], dict | None] = {}
        self.removed: list[dict] = []
        self.secrets: set[str] = set()
        self.changes: list[ObjectChange] = []
        self.result: dict[str, Any] = {}

    # -- what is declared
    # ----------------------------------------------------------------------------

    def _apps(self) -> list[dict]:
        namespace = self.params["namespace"]
        if self.params.get("apps") is not None:
            apps = self.params["apps"]
        elif self.params.get("name") is not None:
            apps = [{name: self.params.get(name) for name in APP_OPTIONS}]
        else:
            apps = []
        return [{**app, "namespace": app.get("namespace") or namespace} for app in apps]

    def _declared(self) -> list[dict]:
        """All objects of the task; raises KubeError with every mistake at once."""
        problems = ValidationErrors()
        label_name(problems, "namespace", self.params["namespace"])
        apps = self._apps()
        if len(apps) > MAX_APPS:
            problems.add(
                "apps", f"{len(apps)} applications are too many for one task, at most {MAX_APPS}"
            )
            problems.stop()
        one = self.params.get("apps") is None
        objects = []
        for index, app in enumerate(apps):
            where = app.get("name") or "workload" if one else f"apps[{index}]"
            if self.params["state"] == "absent":
                label_name(problems, f"{where}.name", app.get("name"))
                self.removed.append(app)
                continue
            made = render_app(app, problems, where)
            objects += made
            self.serve[(app["namespace"], app.get("name") or "")] = app.get("serve")
        if self.params.get("manifests") is not None:
            objects += kube_manifests.load(self.params["manifests"], problems)
        self._check_options(problems, objects)
        problems.stop()
        return objects

    def _check_options(self, problems: ValidationErrors, objects: list[dict]) -> None:
        nothing = not objects and not self.removed
        if nothing and not problems.found and not self.params["prune"]:
            problems.add("workload", "nothing is declared; give name and image, apps or manifests")
        if self.params["prune"] and not self.params.get("applyset"):
            problems.add("prune", "needs applyset, the name under which the members are recorded")
        if self.params["prune"] and self.params["state"] == "absent":
            problems.add("prune", "contradicts state: absent")
        if self.params["wait_timeout"] < 1:
            problems.add("wait_timeout", "is in seconds, at least 1")
        known = set(FAIL_AFTER)
        for name, value in (self.params.get("fail_after") or {}).items():
            if value is not None and (name not in known or value < 0):
                problems.add(f"fail_after.{name}", "is unknown or negative")

    @staticmethod
    def _check_twice(objects: list[dict]) -> None:
        problems, seen = ValidationErrors(), set()
        for obj in objects:
            key = ref_of(obj)
            if key in seen:
                problems.add(str(key), "is declared twice")
            seen.add(key)
        problems.stop()

    # -- the run
    # -------------------------------------------------------------------------------------

    def run(self) -> dict:
        """Do it; the result of the module. Raises KubeError with the result so far in its
        details.
        """
        started = time.monotonic()
        objects = self._declared()
        self.secrets |= kube_manifests.secrets_in(objects)
        self.client = KubeClient(self.params)
        self.resources = Discovery(self.client)
        self.progress(f"reading the cluster, {len(objects)} objects are declared")
        objects = kube_manifests.place(objects, self.params["namespace"], self.resources)
        self._check_twice(objects)
        self.applier = Applier(
            self.client,
            self.resources,
            self.deadline,
            manager=self.params["field_manager"],
            force=self.params["force"],
            recreate=self.params["recreate"],
            dry_run=self.check,
            validate=self.params["validate"],
            progress=self.progress,
        )
        try:
            if self.params["state"] == "absent":
                self._absent(objects)
            else:
                kube_manifests.check_served(objects, self.resources)
                self._present(objects)
        except KubeError as error:
            error.result = {**self._summary(started), **error.result}
            raise
        return self._summary(started)

    def _summary(self, started: float) -> dict:
        changed = [change for change in self.changes if change.changed]
        counts: dict[str, int] = {}
        for change in self.changes:
            counts[change.action] = counts.get(change.action, 0) + 1
        result = {
            "changed": bool(changed) or self.result.get("restarted", []) != [],
            "objects": [change.result() for change in self.changes],
            "counts": counts,
            "requests": self.client.requests,
            "writes": self.client.writes,
            "seconds": round(time.monotonic() - started, 3),
            **self.result,
        }
        if self.diff:
            result["diff"] = ansible_diff([(change.before, change.after) for change in changed])
        return result

    def _absent(self, objects: list[dict]) -> None:
        keys = [ref_of(obj) for obj in objects]
        live = read_live(self.client, self.resources, keys)
        live.update(objects_of_apps(self.client, self.resources, self.removed))
        kept = [] if self.params["remove_data"] else [key for key in live if key.kind in DATA]
        self.secrets |= kube_manifests.secrets_in(list(live.values()))
        present = [key for key in live if key not in kept]
        if kept:
            self.result["kept"] = [str(key) for key in kept]
        self.progress(f"deleting {len(present)} objects")
        wait = self.params["wait"] != "none"
        try:
            self.changes += self.applier.delete(present, wait=wait, live=live)
        except ApplyError as error:
            self.changes += error.done
            raise

    def _present(self, objects: list[dict]) -> None:
        applyset = None
        if self.params.get("applyset"):
            applyset = ApplySet(
                self.client, self.resources, self.params["applyset"], self.params["namespace"]
            )
            applyset.label(objects)
        objects = self._with_namespaces(objects)
        keys = [ref_of(obj) for obj in objects]
        live = read_live(self.client, self.resources, keys)
        self.secrets |= kube_manifests.secrets_in(list(live.values()))
        if applyset:
            applyset.read()
            if not self.check:
                self._make_namespace_first(objects, live)
                applyset.widen_parent(keys)
        try:
            self.changes += self.applier.apply(objects, live)
            if self.params["state"] == "restarted":
                self._restart()
            if not self.check:
                self._wait()
        except KubeError as error:
            if isinstance(error, ApplyError):
                self.changes += error.done
            if not self.check:
                self._after_failure(error)
            raise
        if applyset and self.params["prune"]:
            self._prune(applyset, keys)

    def _make_namespace_first(self, objects: list[dict], live: dict[ObjectRef, dict]) -> None:
        """The record of an ApplySet needs its namespace before the members are applied."""
        wanted = [o for o in objects if o["kind"] == "Namespace" and ref_of(o) not in live]
        if wanted:
            self.changes += self.applier.apply(wanted, live)
            for change in self.changes:
                live[change.ref] = change.after
            objects[:] = [obj for obj in objects if obj not in wanted]

    def _with_namespaces(self, objects: list[dict]) -> list[dict]:
        """Opt-in: namespaces that the task uses and that are not there. Those that are there stay
        untouched.
        """
        if not self.params["create_namespace"]:
            return objects
        declared = {obj["metadata"]["name"] for obj in objects if obj["kind"] == "Namespace"}
        used = {obj["metadata"].get("namespace") for obj in objects} | {self.params["namespace"]}
        wanted = sorted(used - declared - {None})
        found = self.client.parallel(
            lambda name: self.client.get_or_none(f"/api/v1/namespaces/{name}"), wanted
        )
        for answer in found:
            if isinstance(answer, KubeError):
                raise answer
        missing = [name for name, answer in zip(wanted, found, strict=False) if not answer]
        made = [
            {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}
            for name in missing
        ]
        return [*made, *objects]

    def _restart(self) -> None:
        """Restart what this task did not roll anyway."""
        rolled = {change.ref for change in self.changes if change.changed}
        keys = [c.ref for c in self.changes if c.ref.kind in ROLLOUT_KINDS and c.ref not in rolled]
        self.result["restarted"] = [str(key) for key in keys]
        if self.check:
            return
        for change in self.changes:
            if change.ref in keys:
                change.after = restart(self.client, self.resources, change.ref)

    def _prune(self, applyset: ApplySet, keys: list[ObjectRef]) -> None:
        leftovers = applyset.prune_candidates(keys)
        if leftovers:
            self.progress(f"pruning {len(leftovers)} objects")
            pruned = self.applier.delete(
                list(leftovers), wait=self.params["wait"] != "none", live=leftovers
            )
            for change in pruned:
                change.action = "pruned"
            self.changes += pruned
        if not self.check:
            applyset.narrow_parent(keys)

    # -- waiting
    # -------------------------------------------------------------------------------------

    def _waiter(self, seconds: float | None = None) -> Waiter:
        given = {k: v for k, v in (self.params.get("fail_after") or {}).items() if v is not None}
        deadline = self.deadline if seconds is None else Deadline(seconds)
        return Waiter(
            self.client, self.resources, deadline, FailureThresholds(**given), self.progress
        )

    def _targets(self, goal: str) -> list[Target]:
        services = [c.after for c in self.changes if c.ref.kind == "Service" and c.after]
        targets = []
        for change in self.changes:
            if change.ref.kind not in PREDICATES or not change.after or change.action == "deleted":
                continue
            probes = []
            if goal == "serving" and change.ref.kind in ROLLOUT_KINDS:
                labels = change.after["spec"]["template"]["metadata"].get("labels")
                probes = [
                    ServiceProbe(
                        self.client,
                        service,
                        self.serve.get((change.ref.namespace, change.ref.name)),
                    )
                    for service in services
                    if service["metadata"]["namespace"] == change.ref.namespace
                    and matches({"matchLabels": service["spec"].get("selector")}, labels)
                    and service["spec"].get("selector")
                ]
            targets.append(Target(change.ref, change.after, change.action == "created", probes))
        return targets

    def _wait(self) -> None:
        goal = self.params["wait"]
        if goal in ("none", "applied"):
            return
        targets = self._targets(goal)
        self.progress(f"waiting until {len(targets)} objects are {goal.replace('_', ' ')}")
        waiter = self._waiter()
        started = time.monotonic()
        try:
            waited = waiter.wait(targets)
            self.result["apps"] = [entry for entry in waited if entry["kind"] != "Namespace"]
        finally:
            self.result["waited"] = {"for": goal, "seconds": round(time.monotonic() - started, 3)}
            if waiter.unblocked:
                self.result["unblocked"] = waiter.unblocked
            if waiter.warnings:
                self.result["warnings"] = sorted(set(waiter.warnings))

    # -- after a failure
    # -----------------------------------------------------------------------------

    def _after_failure(self, error: KubeError) -> None:
        """What ``on_failure`` says; the error's text tells what was done."""
        choice = self.params["on_failure"]
        if choice == "keep" or not any(change.changed for change in self.changes):
            return
        applier = Applier(
            self.client,
            self.resources,
            Deadline(ROLLBACK_SECONDS),
            manager=self.params["field_manager"],
        )
        try:
            if choice == "delete":
                notes: list[dict] = []
                delete_created(applier, self.changes, notes)
                text = f"deleted {len(notes)} objects that the task had created"
                self.result["rollback"] = {"done": True, "objects": notes}
            else:
                text = self._roll_back(applier)
        except KubeError as second:
            text = f"and the {choice} failed too: {second}"
            self.result["rollback"] = {"done": False, "message": str(second)}
        error.message += f"\non_failure: {choice}: {text}"

    def _roll_back(self, applier: Applier) -> str:
        self.progress("rolling back")
        changes, restored = roll_back(applier, self.changes)
        self.result["rollback"] = {"done": True, "objects": restored}
        targets = [
            Target(change.ref, change.after)
            for change in changes
            if change.ref.kind in ROLLOUT_KINDS and change.after and change.action != "deleted"
        ]
        text = (
            f"restored {sum(1 for n in restored if not n['restored'].startswith('deleted'))} "
            "objects"
        )
        made = sum(1 for note in restored if note["restored"].startswith("deleted"))
        if made:
            text += f", deleted {made} that the task had created"
        if targets:
            try:
                self._waiter(ROLLBACK_SECONDS).wait(targets)
                text += "; the earlier state is rolled out"
            except WaitError as error:
                self.result["rollback"]["done"] = False
                text += f"; but the earlier state is not rolled out either:\n{error}"
        return text
