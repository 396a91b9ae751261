"""Declarations of the workload module: applications and manifests."""

from __future__ import annotations

from dataclasses import dataclass, field

from ansible_collections.slipway.lab.plugins.module_utils.kube import manifests as kube_manifests
from ansible_collections.slipway.lab.plugins.module_utils.kube.discovery import Discovery
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ref_of
from ansible_collections.slipway.lab.plugins.module_utils.kube.validation import (
    ValidationErrors,
    label_name,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.arguments import APP_OPTIONS
from ansible_collections.slipway.lab.plugins.module_utils.workload.parse.app import parse_app
from ansible_collections.slipway.lab.plugins.module_utils.workload.parse.task import (
    Expectation,
    check_options,
    parse_expectations,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.render.workload import render_app

MAX_APPS = 10_000


@dataclass
class Declaration:
    """A valid declaration.

    Args:
        namespace: The namespace of objects that name none.
        objects: The objects, in the order of the declaration.
        removed: The applications to remove, each with ``name`` and ``namespace``.
        apps: The declared applications, each with ``name`` and ``namespace``.
        expectations: What the task waits for besides its rollouts.
        serve: The option ``serve`` of each application, by namespace and name.
    """

    namespace: str
    objects: list[dict] = field(default_factory=list)
    removed: list[dict] = field(default_factory=list)
    apps: list[dict] = field(default_factory=list)
    expectations: list[Expectation] = field(default_factory=list)
    serve: dict[tuple[str, str], dict | None] = field(default_factory=dict)

    @classmethod
    def from_params(cls, params: dict) -> Declaration:
        """Return the declaration that the parameters contain.

        Raises:
            KubeError: The parameters have mistakes. The message names all of them.
        """
        errors = ValidationErrors()
        declaration = cls(params.get("namespace") or "default")
        label_name(errors, "namespace", declaration.namespace)
        declaration._read_apps(params, errors)
        if params.get("manifests") is not None:
            declaration.objects += kube_manifests.load(params["manifests"], errors)
        declaration.expectations = parse_expectations(
            params.get("wait_for") or [], declaration.namespace, declaration.objects, errors
        )
        declared = declaration.objects or declaration.removed or declaration.expectations
        if not (declared or params["prune"] or errors.found):
            errors.add("workload", "nothing is declared; give name and image, apps or manifests")
        check_options(params, errors)
        errors.stop()
        return declaration

    def placed(self, discovery: Discovery) -> list[dict]:
        """Return the objects with their namespaces.

        Raises:
            KubeError: An object is declared twice.
        """
        objects = kube_manifests.place(self.objects, self.namespace, discovery)
        errors, seen = ValidationErrors(), set()
        for ref in map(ref_of, objects):
            if ref in seen:
                errors.add(str(ref), "is declared twice")
            seen.add(ref)
        errors.stop()
        return objects

    def _read_apps(self, params: dict, errors: ValidationErrors) -> None:
        apps = _declared_apps(params, errors)
        if len(apps) > MAX_APPS:
            errors.add(
                "apps", f"{len(apps)} applications are too many for one task, at most {MAX_APPS}"
            )
            errors.stop()
        specs = []
        for index, options in enumerate(apps):
            app = {**options, "namespace": options.get("namespace") or self.namespace}
            path = f"apps[{index}]"
            if params.get("apps") is None:
                path = app.get("name") or "workload"
            if params["state"] == "absent":
                label_name(errors, f"{path}.name", app.get("name"))
                self.removed.append(app)
                continue
            specs.append(parse_app(app, errors, path))
            self.apps.append({"namespace": app["namespace"], "name": app.get("name") or ""})
            self.serve[(app["namespace"], app.get("name") or "")] = app.get("serve")
        if not errors.found:
            self.objects += [obj for spec in specs for obj in render_app(spec)]


def _declared_apps(params: dict, errors: ValidationErrors) -> list[dict]:
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
