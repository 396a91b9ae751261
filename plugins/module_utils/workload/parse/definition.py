"""Parse the definition of one object that a task creates."""

from __future__ import annotations

import copy

from ansible_collections.slipway.lab.plugins.module_utils.kube import validation as check
from ansible_collections.slipway.lab.plugins.module_utils.kube.discovery import Discovery
from ansible_collections.slipway.lab.plugins.module_utils.kube.validation import ValidationErrors
from ansible_collections.slipway.lab.plugins.module_utils.workload.parse.patch import (
    without_values,
)


def read_definition(params: dict) -> dict:
    """Return the definition in the parameters, and take the content of a Secret out of them.

    Returns:
        A copy; empty if the task names a CronJob instead.

    Raises:
        KubeError: The parameters have mistakes. The message names all of them.
    """
    errors = ValidationErrors()
    check.label_name(errors, "namespace", params["namespace"])
    if params["log_lines"] < 0:
        errors.add("log_lines", "a number from 0")
    definition = params.get("definition") or {}
    if params.get("definition") is not None:
        _check(definition, errors)
        if params.get("name"):
            errors.add("name", "belongs to from_cron_job; a definition has metadata.name")
    elif params.get("name"):
        check.subdomain(errors, "name", params["name"])
    errors.stop()
    if definition.get("kind") == "Secret":
        params["definition"] = without_values(definition)
    return copy.deepcopy(definition)


def _check(definition: dict, errors: ValidationErrors) -> None:
    for field in ("apiVersion", "kind"):
        if not isinstance(definition.get(field), str) or not definition[field]:
            errors.add(f"definition.{field}", "is needed")
    metadata = definition.get("metadata")
    if not isinstance(metadata, dict):
        errors.add("definition.metadata", "is needed, with name or generateName")
        return
    names = [field for field in ("name", "generateName") if metadata.get(field)]
    if len(names) != 1:
        errors.add("definition.metadata", "needs either name or generateName")
    elif not isinstance(metadata[names[0]], str):
        errors.add(f"definition.metadata.{names[0]}", "is a text")


def place(discovery: Discovery, definition: dict, namespace: str) -> tuple[dict, str]:
    """Return the object in its namespace, and the path of its collection.

    Args:
        discovery: Finds the resource.
        definition: The object. It is changed.
        namespace: The namespace of an object that names none.

    Raises:
        KubeError: Its kind is not served.
    """
    resource = discovery.require(definition["apiVersion"], definition["kind"])
    metadata = definition["metadata"]
    if resource.namespaced:
        metadata["namespace"] = metadata.get("namespace") or namespace
    else:
        metadata.pop("namespace", None)
    return definition, resource.collection(metadata.get("namespace", ""))
