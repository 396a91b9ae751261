"""Find what forbids a policy of the audit log of the API servers, before an API server reads it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

LEVELS = ("None", "Metadata", "Request", "RequestResponse")
STAGES = ("RequestReceived", "ResponseStarted", "ResponseComplete", "Panic")
OPTIONS = ("audit-policy-file", "audit-log-path")
POLICY = {"rules": list, "omitStages": list, "omitManagedFields": bool}
RULE = {
    **dict.fromkeys(("users", "userGroups", "verbs", "namespaces", "nonResourceURLs"), list),
    "level": str,
    "resources": list,
    "omitStages": list,
    "omitManagedFields": bool,
}
RESOURCES = {"group": str, "resources": list, "resourceNames": list}
TYPES = {list: "a list", str: "a text", bool: "true or false"}


def audit_problems(policy: Mapping[str, Any], options: Mapping[str, Any]) -> list[str]:
    """Return why the API servers would refuse a policy, or ignore a part of it.

    Args:
        policy: The fields of a Policy of audit.k8s.io/v1, without apiVersion and kind. Empty without an audit log.
        options: Declared options of the API servers.
    """
    if not policy:
        return []
    problems = [
        f"kubernetes_api_server_options: {name} cannot be declared: kubernetes_audit_policy sets it. Take it out."
        for name in OPTIONS
        if name in options
    ]
    return problems + [f"kubernetes_audit_policy: {problem}" for problem in _policy(policy)]


def _policy(policy: Mapping[str, Any]) -> Iterator[str]:
    yield from _fields(policy, POLICY)
    yield from _stages(policy)
    rules = policy.get("rules")
    if not rules:
        yield "it has no rules, so the API server would refuse it. Add one."
    for number, rule in enumerate(rules if isinstance(rules, list) else [], 1):
        yield from (f"rule {number}: {problem}" for problem in _rule(rule))


def _rule(rule: Any) -> Iterator[str]:
    if not isinstance(rule, Mapping):
        yield f"{rule!r} is not a rule. Write its fields, such as level: Metadata."
        return
    yield from _fields(rule, RULE)
    yield from _stages(rule)
    if rule.get("level") not in LEVELS:
        yield f"level is {rule.get('level')!r}. Write one of {', '.join(LEVELS)}."
    urls = rule.get("nonResourceURLs")
    if urls and (rule.get("resources") or rule.get("namespaces")):
        yield "it has nonResourceURLs, and resources or namespaces. Make two rules of it."
    for url in urls if isinstance(urls, list) else []:
        if url != "*" and not (str(url).startswith("/") and "*" not in str(url)[:-1]):
            yield f"nonResourceURLs: {url} does not begin with /, or has * before its end. Correct it."
    resources = rule.get("resources")
    for one in resources if isinstance(resources, list) else []:
        yield from _resources(one)


def _resources(one: Any) -> Iterator[str]:
    if not isinstance(one, Mapping):
        yield f"resources: {one!r} is not a group of resources. Write such as {{group: '', resources: [secrets]}}."
        return
    yield from (f"resources: {problem}" for problem in _fields(one, RESOURCES))
    if "/" in str(one.get("group", "")):
        yield f"resources: the group {one['group']} has a version. Take it out."
    if one.get("resourceNames") and not one.get("resources"):
        yield "resources: it has resourceNames and no resources. Add them."


def _fields(given: Mapping[str, Any], known: Mapping[str, type]) -> Iterator[str]:
    for name, value in given.items():
        if name not in known:
            yield f"{name} is not a field here. Write one of {', '.join(sorted(known))}."
        elif not isinstance(value, known[name]):
            yield f"{name} is not {TYPES[known[name]]}. Correct it."


def _stages(given: Mapping[str, Any]) -> Iterator[str]:
    stages = given.get("omitStages")
    for stage in stages if isinstance(stages, list) else []:
        if stage not in STAGES:
            yield f"omitStages: {stage} is not a stage. Write {', '.join(STAGES)}."
