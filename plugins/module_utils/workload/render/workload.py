"""From the short form of an application to its Kubernetes objects."""

from __future__ import annotations

import base64

from ansible_collections.slipway.lab.plugins.module_utils.kube import validation as check
from ansible_collections.slipway.lab.plugins.module_utils.kube.kinds import (
    BATCH_KINDS,
    ROLLOUT_KINDS,
    SCALABLE_APP_KINDS,
    api_version_of,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.validation import ValidationErrors
from ansible_collections.slipway.lab.plugins.module_utils.workload.render.pod import (
    NAME_LABEL,
    claim_name,
    object_labels,
    pod_template,
    without_none,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.render.service import (
    ingress,
    parse_ports,
    service,
    service_type,
)

# options that only some kinds understand; any other combination would be dropped in silence
ONLY_FOR = {
    "replicas": SCALABLE_APP_KINDS,
    "autoscale": SCALABLE_APP_KINDS,
    "update_strategy": ROLLOUT_KINDS,
    "disruption_budget": ROLLOUT_KINDS,
    "min_ready_seconds": ROLLOUT_KINDS,
    "progress_deadline": ("Deployment",),
    "revision_history": ROLLOUT_KINDS,
    "schedule": ("CronJob",),
    "concurrency": ("CronJob",),
    "suspend": BATCH_KINDS,
    "completions": BATCH_KINDS,
    "parallelism": BATCH_KINDS,
    "backoff_limit": BATCH_KINDS,
    "active_deadline": BATCH_KINDS,
    "restart_policy": BATCH_KINDS,
    "ingress": ROLLOUT_KINDS,
}
MIN_VALUES = {
    "replicas": 0,
    "completions": 1,
    "parallelism": 0,
    "backoff_limit": 0,
    "active_deadline": 1,
    "min_ready_seconds": 0,
    "progress_deadline": 1,
    "revision_history": 0,
    "termination_grace": 0,
}
STRATEGIES = {
    "Deployment": ("RollingUpdate", "Recreate"),
    "StatefulSet": ("RollingUpdate", "OnDelete"),
    "DaemonSet": ("RollingUpdate", "OnDelete"),
}


def render_app(app: dict, problems: ValidationErrors, where: str) -> list[dict]:
    """All objects of one application. Mistakes go to ``problems``; the objects are then not to be
    used.
    """
    app = {**app, "kind": app.get("kind") or "Deployment"}
    _check(app, problems, where)
    if not app.get("name") or not app.get("image"):
        return []
    ports = parse_ports(app.get("ports"), problems, f"{where}.ports")
    if app.get("ingress") and not ports:
        problems.add(f"{where}.ingress", "needs ports to send requests to")
    made = [
        _data_object(app, "ConfigMap", app.get("config"), problems, f"{where}.config"),
        _data_object(app, "Secret", app.get("secrets"), problems, f"{where}.secrets"),
        *_claims(app),
        service(app, ports),
        _workload(app, ports, problems, where),
        ingress(app, ports) if app.get("ingress") else None,
        autoscaler(app, app["autoscale"], problems, f"{where}.autoscale")
        if app.get("autoscale")
        else None,
        _budget(app, problems, f"{where}.disruption_budget")
        if app.get("disruption_budget")
        else None,
    ]
    return [obj for obj in made if obj]


def _check(app: dict, problems: ValidationErrors, where: str) -> None:
    kind = app["kind"]
    if not app.get("name"):
        problems.add(where, "name is missing")
    elif service_type(app) != "none":
        check.service_name(problems, f"{where}.name", app["name"])
    else:
        check.label_name(problems, f"{where}.name", app["name"])
    if kind == "CronJob" and len(app.get("name") or "") > 52:
        problems.add(f"{where}.name", "a CronJob's name has at most 52 characters")
    check.label_name(problems, f"{where}.namespace", app.get("namespace"))
    if not app.get("image"):
        problems.add(where, "image is missing")
    else:
        check.image(problems, f"{where}.image", app["image"])
    for option, kinds in ONLY_FOR.items():
        if app.get(option) is not None and kind not in kinds:
            problems.add(f"{where}.{option}", f"a {kind} has none; it is for {', '.join(kinds)}")
    if kind == "CronJob":
        if not app.get("schedule"):
            problems.add(where, "a CronJob needs schedule")
        else:
            check.cron(problems, f"{where}.schedule", app["schedule"])
    if app.get("replicas") is not None and app.get("autoscale"):
        problems.add(
            where, "replicas and autoscale contradict each other: the autoscaler owns the number"
        )
    for option, least in MIN_VALUES.items():
        check.at_least(problems, f"{where}.{option}", app.get(option), least)
    for option in ("labels", "node_selector"):
        check.labels(problems, f"{where}.{option}", app.get(option))
    if NAME_LABEL in (app.get("labels") or {}):
        problems.add(f"{where}.labels", f"{NAME_LABEL} is set from the name")
    _check_volumes(app, problems, where)


def _check_volumes(app: dict, problems: ValidationErrors, where: str) -> None:
    seen_names, seen_mounts = set(), set()
    if app.get("config_mount"):
        seen_names.add("config")
        seen_mounts.add(app["config_mount"])
    if app.get("secrets_mount"):
        seen_names.add("secrets")
        seen_mounts.add(app["secrets_mount"])
    for option in ("config_mount", "secrets_mount"):
        if app.get(option) and not app[option].startswith("/"):
            problems.add(f"{where}.{option}", f"{app[option]!r} is no absolute path")
    for index, volume in enumerate(app.get("volumes") or []):
        place = f"{where}.volumes[{index}]"
        check.label_name(problems, f"{place}.name", volume["name"])
        if volume["name"] in seen_names:
            problems.add(f"{place}.name", f"volume {volume['name']} is given twice")
        if volume["mount"] in seen_mounts:
            problems.add(f"{place}.mount", f"{volume['mount']} is mounted twice")
        if not volume["mount"].startswith("/"):
            problems.add(f"{place}.mount", f"{volume['mount']!r} is no absolute path")
        if volume.get("size"):
            check.quantity(problems, f"{place}.size", volume["size"])
        for option in ("storage_class", "access_mode"):
            if volume.get(option) and not volume.get("size"):
                problems.add(f"{place}.{option}", "needs size: it describes a new claim")
        seen_names.add(volume["name"])
        seen_mounts.add(volume["mount"])


def _metadata(app: dict, name: str | None = None) -> dict:
    return {
        "name": name or app["name"],
        "namespace": app["namespace"],
        "labels": object_labels(app),
    }


def _data_object(
    app: dict, kind: str, data: dict | None, problems: ValidationErrors, where: str
) -> dict | None:
    if not data:
        return None
    content = {}
    for name, value in data.items():
        if not check.CONFIG_KEY.fullmatch(str(name)):
            problems.add(where, f"{name!r} is no key: letters, digits, '-', '_' and '.'")
        if isinstance(value, (dict, list)) or value is None:
            problems.add(f"{where}.{name}", "is no text; use the to_json or to_yaml filter")
        text = str(value).lower() if isinstance(value, bool) else str(value)
        content[str(name)] = base64.b64encode(text.encode()).decode() if kind == "Secret" else text
    return {"apiVersion": "v1", "kind": kind, "metadata": _metadata(app), "data": content}


def _claim_spec(volume: dict) -> dict:
    return without_none(
        {
            "accessModes": [volume.get("access_mode") or "ReadWriteOnce"],
            "storageClassName": volume.get("storage_class"),
            "resources": {"requests": {"storage": volume["size"]}},
        }
    )


def _claims(app: dict) -> list[dict]:
    if app["kind"] == "StatefulSet":
        return []
    return [
        {
            "apiVersion": "v1",
            "kind": "PersistentVolumeClaim",
            "metadata": _metadata(app, claim_name(app, volume)),
            "spec": _claim_spec(volume),
        }
        for volume in app.get("volumes") or []
        if volume.get("size")
    ]


def _workload(app: dict, ports: list[dict], problems: ValidationErrors, where: str) -> dict:
    kind = app["kind"]
    template = pod_template(app, ports, problems, where)
    metadata = _metadata(app)
    if app.get("annotations"):
        metadata["annotations"] = {k: str(v) for k, v in app["annotations"].items()}
    if kind in BATCH_KINDS:
        spec = _job_spec(app, template)
        if kind == "CronJob":
            spec = without_none(
                {
                    "schedule": app.get("schedule"),
                    "concurrencyPolicy": app.get("concurrency"),
                    "suspend": app.get("suspend"),
                    "jobTemplate": {"metadata": {"labels": object_labels(app)}, "spec": spec},
                }
            )
        elif app.get("suspend") is not None:
            spec["suspend"] = app["suspend"]
    else:
        spec = without_none(
            {
                "replicas": app.get("replicas"),
                "selector": {"matchLabels": {NAME_LABEL: app["name"]}},
                "template": template,
                "minReadySeconds": app.get("min_ready_seconds"),
                "progressDeadlineSeconds": app.get("progress_deadline"),
                "revisionHistoryLimit": app.get("revision_history"),
            }
        )
        _add_strategy(app, spec, problems, f"{where}.update_strategy")
    if kind == "StatefulSet":
        spec["serviceName"] = app["name"]
        claims = [
            {"metadata": {"name": volume["name"]}, "spec": _claim_spec(volume)}
            for volume in app.get("volumes") or []
            if volume.get("size")
        ]
        if claims:
            spec["volumeClaimTemplates"] = claims
    return {"apiVersion": api_version_of(kind), "kind": kind, "metadata": metadata, "spec": spec}


def _job_spec(app: dict, template: dict) -> dict:
    return without_none(
        {
            "template": template,
            "completions": app.get("completions"),
            "parallelism": app.get("parallelism"),
            "backoffLimit": app.get("backoff_limit"),
            "activeDeadlineSeconds": app.get("active_deadline"),
        }
    )


def _add_strategy(app: dict, spec: dict, problems: ValidationErrors, where: str) -> None:
    given = app.get("update_strategy")
    if not given:
        return
    kind = app["kind"]
    chosen = given.get("type") or "RollingUpdate"
    if chosen not in STRATEGIES.get(kind, ()):
        problems.add(
            f"{where}.type",
            f"a {kind} knows {' and '.join(STRATEGIES.get(kind, ()))}, not {chosen}",
        )
    rolling = without_none(
        {
            "maxSurge": check.count_or_percent(
                problems, f"{where}.max_surge", given.get("max_surge")
            ),
            "maxUnavailable": check.count_or_percent(
                problems, f"{where}.max_unavailable", given.get("max_unavailable")
            ),
            "partition": given.get("partition"),
        }
    )
    if rolling and chosen != "RollingUpdate":
        problems.add(where, f"{chosen} takes no max_surge, max_unavailable or partition")
    if "partition" in rolling and kind != "StatefulSet":
        problems.add(f"{where}.partition", "is for a StatefulSet")
    if "maxSurge" in rolling and kind == "StatefulSet":
        problems.add(f"{where}.max_surge", "a StatefulSet has none")
    if rolling.get("maxSurge") in (0, "0%") and rolling.get("maxUnavailable") in (0, "0%"):
        problems.add(
            where, "max_surge and max_unavailable can not both be 0: no pod could ever be replaced"
        )
    strategy = {"type": chosen, **({"rollingUpdate": rolling} if rolling else {})}
    spec["strategy" if kind == "Deployment" else "updateStrategy"] = strategy


def autoscaler(app: dict, given: dict, problems: ValidationErrors, where: str) -> dict:
    """The HorizontalPodAutoscaler; ``given`` has min, max, cpu, memory (percent), behavior."""
    if given["max"] < max(given["min"], 1):
        problems.add(where, f"max {given['max']} is less than min {given['min']}")
    check.at_least(problems, f"{where}.min", given["min"], 1)
    for name in ("cpu", "memory"):
        check.at_least(problems, f"{where}.{name}", given.get(name), 1)
    metrics = [
        {
            "type": "Resource",
            "resource": {
                "name": name,
                "target": {"type": "Utilization", "averageUtilization": given[name]},
            },
        }
        for name in ("cpu", "memory")
        if given.get(name)
    ]
    return {
        "apiVersion": "autoscaling/v2",
        "kind": "HorizontalPodAutoscaler",
        "metadata": _metadata(app),
        "spec": without_none(
            {
                "scaleTargetRef": {
                    "apiVersion": api_version_of(app["kind"]),
                    "kind": app["kind"],
                    "name": app["name"],
                },
                "minReplicas": given["min"],
                "maxReplicas": given["max"],
                "metrics": metrics,
                "behavior": given.get("behavior"),
            }
        ),
    }


def _budget(app: dict, problems: ValidationErrors, where: str) -> dict:
    given = app["disruption_budget"]
    return {
        "apiVersion": "policy/v1",
        "kind": "PodDisruptionBudget",
        "metadata": _metadata(app),
        "spec": without_none(
            {
                "selector": {"matchLabels": {NAME_LABEL: app["name"]}},
                "minAvailable": check.count_or_percent(
                    problems, f"{where}.min_available", given.get("min_available")
                ),
                "maxUnavailable": check.count_or_percent(
                    problems, f"{where}.max_unavailable", given.get("max_unavailable")
                ),
            }
        ),
    }
