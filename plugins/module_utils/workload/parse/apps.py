"""Parse the applications of a task."""

from __future__ import annotations

from dataclasses import dataclass, field

from ansible_collections.slipway.lab.plugins.module_utils.kube.validation import (
    ValidationErrors,
    label_name,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.arguments import APP_OPTIONS
from ansible_collections.slipway.lab.plugins.module_utils.workload.parse.app import parse_app
from ansible_collections.slipway.lab.plugins.module_utils.workload.parse.order import (
    Place,
    stage_numbers,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.render.app import render_app
from ansible_collections.slipway.lab.plugins.module_utils.workload.render.checks import (
    check_rendered,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.spec import AppSpec

MAX_APPS = 10_000


@dataclass
class DeclaredApps:
    """The applications of a task.

    Args:
        specs: The applications to apply.
        objects: The objects of each, by namespace and name. An application with mistakes has none.
        stages: The number of the stage of each, by namespace and name.
        removed: The applications to remove, each with ``name`` and ``namespace``.
    """

    specs: list[AppSpec] = field(default_factory=list)
    objects: dict[Place, list[dict]] = field(default_factory=dict)
    stages: dict[Place, int] = field(default_factory=dict)
    removed: list[dict] = field(default_factory=list)


def parse_apps(params: dict, namespace: str, errors: ValidationErrors) -> DeclaredApps:
    """Return the applications that the parameters of a task declare.

    Args:
        params: The parameters.
        namespace: The namespace of applications that name none.
        errors: Collects the mistakes. The result is valid only when there are none.

    Raises:
        KubeError: The task has too many applications.
    """
    apps = _given(params, errors)
    if len(apps) > MAX_APPS:
        errors.add(
            "apps", f"{len(apps)} applications are too many for one task, at most {MAX_APPS}"
        )
        errors.stop()
    declared, specs = DeclaredApps(), {}
    for index, options in enumerate(apps):
        app = {**options, "namespace": options.get("namespace") or namespace}
        path, before = f"apps[{index}]", len(errors.found)
        if params.get("apps") is None:
            path = app.get("name") or "workload"
        if params["state"] == "absent":
            label_name(errors, f"{path}.name", app.get("name"))
            declared.removed.append(app)
        else:
            specs[path] = spec = parse_app(app, errors, path)
            if len(errors.found) == before:
                objects = render_app(spec)
                check_rendered(spec, objects, errors, path)
                declared.objects[(spec.namespace, spec.name)] = objects
    declared.specs = list(specs.values())
    declared.stages = stage_numbers(specs, errors)
    return declared


def _given(params: dict, errors: ValidationErrors) -> list[dict]:
    if params.get("apps") is not None:
        for name in APP_OPTIONS:
            if name != "namespace" and params.get(name) is not None:
                errors.add(
                    name,
                    "belongs to an application of apps; as an option of the task it has no effect",
                )
        return params["apps"]
    if params.get("name") is not None:
        return [{name: params.get(name) for name in APP_OPTIONS}]
    return []
