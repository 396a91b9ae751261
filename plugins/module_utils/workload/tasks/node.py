"""What the ``node`` module does."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.common.deadline import Deadline
from ansible_collections.slipway.lab.plugins.module_utils.common.progress import Progress
from ansible_collections.slipway.lab.plugins.module_utils.kube import drain as kube_drain
from ansible_collections.slipway.lab.plugins.module_utils.kube import field_managers
from ansible_collections.slipway.lab.plugins.module_utils.kube import validation as workload_checks
from ansible_collections.slipway.lab.plugins.module_utils.kube.client import MERGE, KubeClient
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.nodes import node_summary
from ansible_collections.slipway.lab.plugins.module_utils.kube.paths import path_segment
from ansible_collections.slipway.lab.plugins.module_utils.kube.retry import retry_on_conflict
from ansible_collections.slipway.lab.plugins.module_utils.kube.validation import ValidationErrors

EFFECTS = ("NoSchedule", "PreferNoSchedule", "NoExecute")


def check(params: dict) -> None:
    """Mistakes of the task, all at once."""
    problems = ValidationErrors()
    workload_checks.subdomain(problems, "name", params["name"])
    for key, value in (params.get("labels") or {}).items():
        workload_checks.labels(problems, "labels", {key: "" if value is None else value})
    seen = set()
    for index, taint in enumerate(params.get("taints") or []):
        workload_checks.labels(
            problems, f"taints[{index}]", {taint["key"]: taint.get("value") or ""}
        )
        place = (taint["key"], taint.get("effect"))
        if place in seen:
            problems.add(f"taints[{index}]", f"{taint['key']} is given twice")
        seen.add(place)
        if taint.get("state") != "absent" and not taint.get("effect"):
            problems.add(f"taints[{index}]", f"effect is missing: {', '.join(EFFECTS)}")
    problems.stop()


def wanted_taints(now: list[dict], declared: list[dict]) -> list[dict]:
    """Taints after the declared ones are added, changed or (``state: absent``) removed."""
    result = list(now)
    for taint in declared:
        result = [
            t
            for t in result
            if t["key"] != taint["key"] or (taint.get("effect") and t["effect"] != taint["effect"])
        ]
        if taint.get("state") != "absent":
            entry = {"key": taint["key"], "effect": taint["effect"]}
            if taint.get("value"):
                entry["value"] = taint["value"]
            result.append(entry)
    return result


class NodeTask:
    """One run of the module. ``params`` are its parameters; ``check_mode`` predicts."""

    def __init__(self, params: dict, check_mode: bool = False):
        self.params = params
        self.check_mode = check_mode
        self.progress = Progress(params.get("progress_file"), "node")
        self.deadline = Deadline(params["wait_timeout"])

    def run(self) -> dict:
        """Bring the node to the declared state. Raises KubeError."""
        check(self.params)
        client = KubeClient(self.params)
        path = f"/api/v1/nodes/{path_segment(self.params['name'])}"
        node = client.get_or_none(path)
        if node is None:
            names = [n["metadata"]["name"] for n in client.list_all("/api/v1/nodes")[0]]
            raise KubeError(
                f"there is no node {self.params['name']}; there are: {', '.join(names)}"
            )
        before = _view(node)
        patch = self._patch(node)
        result = {"changed": bool(patch), "evicted": [], "kept": []}
        pods: list[dict] = []
        if self.params.get("state") == "drained":
            pods = self._to_evict(client, result)
        if patch:
            node = self._write(client, path, node, patch)
        if pods:
            result["changed"] = True
            if not self.check_mode:
                kube_drain.evict(
                    client, pods, self.params.get("grace_period"), self.deadline, self.progress
                )
        result["node"] = node_summary(node)
        result["diff"] = {"before": before, "after": _view(node)}
        return result

    def _write(self, client: KubeClient, path: str, node: dict, patch: dict) -> dict:
        """Send the patch; when somebody else wrote in between (a kubelet does), look again and decide anew."""
        query = {
            "fieldManager": field_managers.NODE,
            **({"dryRun": "All"} if self.check_mode else {}),
        }

        def look_again() -> None:
            nonlocal node, patch
            node = client.get(path)
            patch = self._patch(node)

        return retry_on_conflict(
            lambda: client.patch(path, patch, MERGE, **query) if patch else node, look_again
        )

    def _patch(self, node: dict) -> dict:
        """A merge patch with only what differs, empty when nothing does."""
        patch: dict = {}
        spec, state = node.get("spec") or {}, self.params.get("state")
        closed = bool(spec.get("unschedulable"))
        if state and closed != (state in ("cordoned", "drained")):
            patch.setdefault("spec", {})["unschedulable"] = None if closed else True
        labels = node["metadata"].get("labels") or {}
        wanted = {
            k: None if v is None else str(v) for k, v in (self.params.get("labels") or {}).items()
        }
        changed = {k: v for k, v in wanted.items() if labels.get(k) != v}
        if changed:
            patch["metadata"] = {"labels": changed}
        now = spec.get("taints") or []
        after = wanted_taints(now, self.params.get("taints") or [])
        if _as_set(now) != _as_set(after):
            patch.setdefault("spec", {})["taints"] = after or None
            # the list is replaced as a whole: another writer in between must not lose his
            patch.setdefault("metadata", {})["resourceVersion"] = node["metadata"][
                "resourceVersion"
            ]
        return patch

    def _to_evict(self, client: KubeClient, result: dict) -> list[dict]:
        pods, _ = client.list_all(
            "/api/v1/pods", fieldSelector=f"spec.nodeName={self.params['name']}"
        )
        chosen, result["kept"], refused = kube_drain.filter_pods(pods, self.params)
        if refused:
            raise KubeError(
                f"node {self.params['name']} was not drained, nothing was changed:\n"
                + "\n".join(refused)
            )
        result["evicted"] = [
            f"{p['metadata']['namespace']}/{p['metadata']['name']}" for p in chosen
        ]
        return chosen


def _as_set(taints: list[dict]) -> set[tuple]:
    return {(t["key"], t.get("value") or "", t["effect"]) for t in taints}


def _view(node: dict) -> dict:
    shown = node_summary(node)
    return {name: shown[name] for name in ("schedulable", "labels", "taints")}
