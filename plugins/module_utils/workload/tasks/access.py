"""Ask what an account may do: the work of the ``access_info`` module."""

from __future__ import annotations

from typing import NamedTuple

from ansible_collections.slipway.lab.plugins.module_utils.kube.client import KubeClient, gather
from ansible_collections.slipway.lab.plugins.module_utils.kube.discovery import Discovery
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.kinds import usual_version_of
from ansible_collections.slipway.lab.plugins.module_utils.kube.validation import ValidationErrors

REVIEWS = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
SUBJECTS = ("kind", "resource", "path")
CHECK = {
    "verb": {"type": "str", "required": True},
    "kind": {"type": "str"},
    "api_version": {"type": "str"},
    "resource": {"type": "str"},
    "group": {"type": "str"},
    "subresource": {"type": "str"},
    "namespace": {"type": "str"},
    "name": {"type": "str"},
    "path": {"type": "str"},
}


class Question(NamedTuple):
    """One question about a right.

    Args:
        attributes: The attributes of the review, ``resourceAttributes`` or ``nonResourceAttributes``.
        text: The right in words, such as ``delete deployments.apps in shop``.
    """

    attributes: dict
    text: str

    @property
    def spec(self) -> dict:
        """Return the question as the API server takes it."""
        kind = "nonResourceAttributes" if "path" in self.attributes else "resourceAttributes"
        return {kind: self.attributes}


def read_access(module) -> dict:
    """Ask about all rights of the parameters concurrently.

    Raises:
        KubeError: The parameters have a mistake, the API server does not answer, or a required right is missing.
    """
    params = module.params
    _check(params["checks"])
    client = KubeClient(params)
    discovery = Discovery(client)
    questions = [_question(discovery, one, params["namespace"]) for one in params["checks"]]
    answers = gather(client, lambda question: _ask(client, question), questions)
    missing = [one.text for one, answer in zip(questions, answers) if not answer["allowed"]]
    result = {"checks": answers, "allowed": not missing, "missing": missing}
    if params["require"] and missing:
        raise KubeError(f"the account may not: {'; '.join(missing)}", **result)
    return result


def _ask(client: KubeClient, question: Question) -> dict:
    body = {
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SelfSubjectAccessReview",
        "spec": question.spec,
    }
    status = client.ask(REVIEWS, body).get("status") or {}
    return {
        **question.attributes,
        "text": question.text,
        "allowed": bool(status.get("allowed")),
        "reason": status.get("reason") or status.get("evaluationError") or "",
    }


def _check(checks: list[dict]) -> None:
    errors = ValidationErrors()
    if not checks:
        errors.add("checks", "is empty")
    for index, one in enumerate(checks):
        where = f"checks[{index}]"
        if sum(bool(one.get(name)) for name in SUBJECTS) != 1:
            errors.add(where, "needs exactly one of kind, resource and path")
        if one.get("group") is not None and not one.get("resource"):
            errors.add(f"{where}.group", "belongs to resource")
        if one.get("api_version") and not one.get("kind"):
            errors.add(f"{where}.api_version", "belongs to kind")
    errors.stop()


def _question(discovery: Discovery, one: dict, namespace: str) -> Question:
    verb = one["verb"]
    if one.get("path"):
        return Question({"verb": verb, "path": one["path"]}, f"{verb} {one['path']}")
    plural, _, subresource = (one.get("resource") or "").partition("/")
    plural, dot, group = plural.partition(".")
    group = group if dot else one.get("group")
    group, plural, namespaced = _resolve(discovery, one, plural, group)
    place = (namespace if one.get("namespace") is None else one["namespace"]) if namespaced else ""
    attributes = {
        "verb": verb,
        "group": group,
        "resource": plural,
        "subresource": one.get("subresource") or subresource,
        "namespace": place,
        "name": one.get("name") or "",
    }
    return Question(attributes, _text(attributes, namespaced))


def _resolve(
    discovery: Discovery, one: dict, plural: str, group: str | None
) -> tuple[str, str, bool]:
    """Return the group and the plural name of a resource, and whether it has namespaces.

    Raises:
        KubeError: A kind is not served, or the group of a resource is not known.
    """
    if one.get("kind"):
        kind = one["kind"]
        resource = discovery.require(one.get("api_version") or usual_version_of(kind), kind)
        return resource.group, resource.plural, resource.namespaced
    found = discovery.by_plural(plural, group)
    if found:
        return found.group, plural, found.namespaced
    if group is None and plural != "*":
        raise KubeError(
            f"checks: the group of the resource {plural} is not known; write {plural}.GROUP, or set group"
        )
    # a resource that is only a name for rights, such as users for the verb impersonate
    return group or "", plural, True


def _text(attributes: dict, namespaced: bool) -> str:
    resource = ".".join(filter(None, (attributes["resource"], attributes["group"])))
    text = f"{attributes['verb']} {resource}"
    if attributes["subresource"]:
        text += f"/{attributes['subresource']}"
    if attributes["name"]:
        text += f" {attributes['name']}"
    if namespaced:
        text += f" in {attributes['namespace'] or 'all namespaces'}"
    return text
