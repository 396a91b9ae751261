"""Parse the scaling, disruption budget and update strategy of an application."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.kube import validation as check
from ansible_collections.slipway.lab.plugins.module_utils.kube.validation import ValidationErrors
from ansible_collections.slipway.lab.plugins.module_utils.workload.spec import (
    AutoscaleSpec,
    StrategySpec,
)

STRATEGIES = {
    "Deployment": ("RollingUpdate", "Recreate"),
    "StatefulSet": ("RollingUpdate", "OnDelete"),
    "DaemonSet": ("RollingUpdate", "OnDelete"),
}


def parse_autoscale(
    given: dict | None, errors: ValidationErrors, path: str
) -> AutoscaleSpec | None:
    """Return the bounds and targets of the autoscaler, or None."""
    if not given:
        return None
    if given["max"] < max(given["min"], 1):
        errors.add(path, f"max {given['max']} is less than min {given['min']}")
    check.at_least(errors, f"{path}.min", given["min"], 1)
    for name in ("cpu", "memory"):
        check.at_least(errors, f"{path}.{name}", given.get(name), 1)
    return AutoscaleSpec(
        given["min"], given["max"], given.get("cpu"), given.get("memory"), given.get("behavior")
    )


def parse_budget(given: dict | None, errors: ValidationErrors, path: str) -> dict | None:
    """Return ``min_available`` and ``max_unavailable`` in the form of the API, or None."""
    if not given:
        return None
    return {
        name: check.count_or_percent(errors, f"{path}.{name}", given.get(name))
        for name in ("min_available", "max_unavailable")
    }


def parse_strategy(
    given: dict | None, kind: str, errors: ValidationErrors, path: str
) -> StrategySpec | None:
    """Return the update strategy, or None."""
    if not given or kind not in STRATEGIES:
        return None
    chosen = given.get("type") or "RollingUpdate"
    if chosen not in STRATEGIES[kind]:
        errors.add(
            f"{path}.type", f"a {kind} supports {' and '.join(STRATEGIES[kind])}, not {chosen}"
        )
    surge, unavailable = (
        check.count_or_percent(errors, f"{path}.{name}", given.get(name))
        for name in ("max_surge", "max_unavailable")
    )
    strategy = StrategySpec(chosen, surge, unavailable, given.get("partition"))
    _check_rolling(strategy, kind, errors, path)
    return strategy


def _check_rolling(strategy: StrategySpec, kind: str, errors: ValidationErrors, path: str) -> None:
    rolling = (strategy.max_surge, strategy.max_unavailable, strategy.partition)
    if any(value is not None for value in rolling) and strategy.type != "RollingUpdate":
        errors.add(path, f"{strategy.type} takes no max_surge, max_unavailable or partition")
    if strategy.partition is not None and kind != "StatefulSet":
        errors.add(f"{path}.partition", "is for a StatefulSet")
    if strategy.max_surge is not None and kind == "StatefulSet":
        errors.add(f"{path}.max_surge", "a StatefulSet has none")
    if strategy.max_surge in (0, "0%") and strategy.max_unavailable in (0, "0%"):
        errors.add(
            path, "max_surge and max_unavailable cannot both be 0: no pod could ever be replaced"
        )
