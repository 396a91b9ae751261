"""Parse an application: complete its options and collect every mistake."""

from __future__ import annotations

from dataclasses import dataclass, fields

from ansible_collections.slipway.lab.plugins.module_utils.kube import validation as check
from ansible_collections.slipway.lab.plugins.module_utils.kube.kinds import (
    BATCH_KINDS,
    ROLLOUT_KINDS,
    SCALABLE_APP_KINDS,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.validation import ValidationErrors
from ansible_collections.slipway.lab.plugins.module_utils.workload.parse.container import (
    parse_additional,
    parse_container,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.parse.scaling import (
    parse_autoscale,
    parse_budget,
    parse_strategy,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.parse.volumes import (
    check_data,
    check_volumes,
    own_mounts,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.render.metadata import NAME_LABEL
from ansible_collections.slipway.lab.plugins.module_utils.workload.spec import AppSpec

MAX_CRON_JOB_NAME = 52
# mappings whose values are text in the API
TEXT_OPTIONS = ("labels", "annotations", "service_annotations")


@dataclass(frozen=True)
class OptionRule:
    """The conditions under which an option is allowed.

    Args:
        kinds: The kinds that understand the option. An empty tuple means all kinds.
        minimum: The smallest number that is allowed.
        conflicts: The other option that must not be given as well, and the reason.
    """

    kinds: tuple[str, ...] = ()
    minimum: int | None = None
    conflicts: tuple[str, str] | None = None


RULES = {
    "replicas": OptionRule(SCALABLE_APP_KINDS, 0, ("autoscale", "the autoscaler owns the number")),
    "autoscale": OptionRule(SCALABLE_APP_KINDS),
    "update_strategy": OptionRule(ROLLOUT_KINDS),
    "disruption_budget": OptionRule(ROLLOUT_KINDS),
    "min_ready_seconds": OptionRule(ROLLOUT_KINDS, 0),
    "progress_deadline": OptionRule(("Deployment",), 1),
    "revision_history": OptionRule(ROLLOUT_KINDS, 0),
    "termination_grace": OptionRule(minimum=0),
    "schedule": OptionRule(("CronJob",)),
    "concurrency": OptionRule(("CronJob",)),
    "time_zone": OptionRule(("CronJob",)),
    "successful_history": OptionRule(("CronJob",), 0),
    "failed_history": OptionRule(("CronJob",), 0),
    "suspend": OptionRule(BATCH_KINDS),
    "completions": OptionRule(BATCH_KINDS, 1),
    "parallelism": OptionRule(BATCH_KINDS, 0),
    "backoff_limit": OptionRule(BATCH_KINDS, 0),
    "active_deadline": OptionRule(BATCH_KINDS, 1),
    "restart_policy": OptionRule(BATCH_KINDS),
    "ttl_after_finished": OptionRule(BATCH_KINDS, 0),
    "ingress": OptionRule(ROLLOUT_KINDS),
}


def parse_app(options: dict, errors: ValidationErrors, path: str) -> AppSpec:
    """Return the application that the options declare.

    Args:
        options: The options of the application, with their namespace.
        errors: Collects the mistakes. The result is valid only when there are none.
        path: The place of the options in the task, for the messages.
    """
    given = {name: value for name, value in options.items() if value is not None}
    kind = given.get("kind") or "Deployment"
    values = {field.name: given[field.name] for field in fields(AppSpec) if field.name in given}
    values.update(
        name=given.get("name", ""),
        namespace=given.get("namespace"),
        kind=kind,
        service_type=given.get("service_type") or default_service_type(kind),
    )
    _check_identity(values, errors, path)
    _check_rules(given, kind, errors, path)
    _check_labels(given, errors, path)
    for name, overlay in given.get("overlay", {}).items():
        if not isinstance(overlay, dict):
            errors.add(f"{path}.overlay.{name}", f"{overlay!r} is not a mapping of fields")
    check_volumes(given, errors, path)
    for option in ("config", "secrets"):
        check_data(given.get(option), errors, f"{path}.{option}")
    values.update(_parse_containers(given, errors, path))
    if given.get("ingress") and not values["ports"]:
        errors.add(f"{path}.ingress", "needs ports to send requests to")
    has_service = values["ports"] or values["service_type"] == "Headless"
    if given.get("service_annotations") and (values["service_type"] == "none" or not has_service):
        errors.add(f"{path}.service_annotations", "needs a Service: declare ports")
    values.update(
        **{option: _texts(given.get(option)) for option in TEXT_OPTIONS},
        autoscale=parse_autoscale(given.get("autoscale"), errors, f"{path}.autoscale"),
        disruption_budget=parse_budget(
            given.get("disruption_budget"), errors, f"{path}.disruption_budget"
        ),
        update_strategy=parse_strategy(
            given.get("update_strategy"), kind, errors, f"{path}.update_strategy"
        ),
    )
    return AppSpec(**values)


def _parse_containers(given: dict, errors: ValidationErrors, path: str) -> dict:
    """Return the containers of an application and the ports of its Service."""
    own = [
        {source: given.get("name", "")}
        for source, option in (("config_map", "config"), ("secret", "secrets"))
        if given.get(option) and not given.get(f"{option}_mount")
    ]
    # of two sources with the same entry, the last one counts
    sources = [*(given.get("env_from") or []), *own]
    options = {**given, "mounts": own_mounts(given), "env_from": sources}
    main = parse_container(options, [], errors, path)
    containers = parse_additional(
        given.get("containers") or [], [main], errors, f"{path}.containers"
    )
    init_containers = parse_additional(
        given.get("init_containers") or [],
        [main, *containers],
        errors,
        f"{path}.init_containers",
        is_init=True,
    )
    everyone = [main, *containers, *init_containers]
    ports = [port for one in everyone for port in one.ports]
    return {
        "main": main,
        "containers": containers,
        "init_containers": init_containers,
        "ports": ports,
    }


def default_service_type(kind: str) -> str:
    """Return the type of Service that suits a kind."""
    if kind in BATCH_KINDS:
        return "none"
    return "Headless" if kind == "StatefulSet" else "ClusterIP"


def _texts(values: dict | None) -> dict[str, str]:
    return {name: str(value) for name, value in (values or {}).items()}


def _check_identity(values: dict, errors: ValidationErrors, path: str) -> None:
    name = values["name"]
    if not name:
        errors.add(path, "name is missing")
    elif values["service_type"] != "none":
        check.service_name(errors, f"{path}.name", name)
    else:
        check.label_name(errors, f"{path}.name", name)
    if values["kind"] == "CronJob" and len(name) > MAX_CRON_JOB_NAME:
        errors.add(f"{path}.name", f"a CronJob's name has at most {MAX_CRON_JOB_NAME} characters")
    check.label_name(errors, f"{path}.namespace", values["namespace"])
    if values.get("priority_class"):
        check.subdomain(errors, f"{path}.priority_class", values["priority_class"])


def _check_rules(given: dict, kind: str, errors: ValidationErrors, path: str) -> None:
    for option, rule in RULES.items():
        if option not in given:
            continue
        if rule.kinds and kind not in rule.kinds:
            errors.add(f"{path}.{option}", f"a {kind} has none; it is for {', '.join(rule.kinds)}")
        if rule.minimum is not None:
            check.at_least(errors, f"{path}.{option}", given[option], rule.minimum)
        if rule.conflicts and given.get(rule.conflicts[0]):
            other, reason = rule.conflicts
            errors.add(path, f"{option} and {other} contradict each other: {reason}")
    if kind == "CronJob":
        if not given.get("schedule"):
            errors.add(path, "a CronJob needs schedule")
        else:
            check.cron(errors, f"{path}.schedule", given["schedule"])


def _check_labels(given: dict, errors: ValidationErrors, path: str) -> None:
    for option in ("labels", "node_selector"):
        check.labels(errors, f"{path}.{option}", given.get(option))
    if NAME_LABEL in given.get("labels", {}):
        errors.add(f"{path}.labels", f"{NAME_LABEL} is set from the name")
