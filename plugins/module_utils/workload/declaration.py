"""Declarations of the workload module: applications and manifests."""

from __future__ import annotations

from dataclasses import dataclass, field

from ansible_collections.slipway.lab.plugins.module_utils.kube import manifests as kube_manifests
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ObjectRef, ref_of
from ansible_collections.slipway.lab.plugins.module_utils.kube.validation import (
    ValidationErrors,
    label_name,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.parse.apps import parse_apps
from ansible_collections.slipway.lab.plugins.module_utils.workload.parse.manifests import (
    parse_manifests,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.parse.task import (
    Expectation,
    check_options,
    parse_expectations,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.release.declared import Release
from ansible_collections.slipway.lab.plugins.module_utils.workload.render.security import (
    pod_security_of,
)


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
        pod_security: Whether the pods of each application are restricted, as the module returns it.
        stages: The stages of the objects of applications; see ``stages``.
        release: The release of a chart among the manifests.
    """

    namespace: str
    objects: list[dict] = field(default_factory=list)
    removed: list[dict] = field(default_factory=list)
    apps: list[dict] = field(default_factory=list)
    expectations: list[Expectation] = field(default_factory=list)
    serve: dict[tuple[str, str], dict | None] = field(default_factory=dict)
    pod_security: list[dict] = field(default_factory=list)
    stages: dict[ObjectRef, int] = field(default_factory=dict)
    release: Release | None = None

    @classmethod
    def from_params(cls, params: dict) -> Declaration:
        """Return the declaration that the parameters contain.

        Raises:
            KubeError: The parameters have mistakes. The message names all of them.
        """
        errors = ValidationErrors()
        declaration = cls(params.get("namespace") or "default")
        label_name(errors, "namespace", declaration.namespace)
        declaration._take_apps(params, errors)
        if params.get("manifests") is not None:
            release, manifests = parse_manifests(params, declaration.namespace, errors)
            declaration.release = release
            declaration.objects += manifests
        declaration.expectations = parse_expectations(
            params.get("wait_for") or [], declaration.namespace, declaration.objects, errors
        )
        declared = declaration.objects or declaration.removed or declaration.expectations
        if not (declared or declaration.release or params["prune"] or errors.found):
            errors.add(
                "workload",
                "nothing is declared; give name and image, apps, or manifests with an object",
            )
        check_options(params, errors)
        errors.stop()
        return declaration

    def placed(self, discovery) -> list[dict]:
        """Return the objects with their namespaces.

        Args:
            discovery: The Discovery that has the scope of each kind.

        Raises:
            KubeError: An object is declared twice.
        """
        objects = kube_manifests.place(self.objects, self.namespace, discovery)
        kube_manifests.place(self.hooks, self.namespace, discovery)
        errors, seen = ValidationErrors(), set()
        for ref in map(ref_of, objects):
            if ref in seen:
                errors.add(str(ref), "is declared twice")
            seen.add(ref)
        errors.stop()
        return objects

    @property
    def hooks(self) -> list[dict]:
        """Return the objects that the hooks of a release create."""
        return [hook.obj for hook in self.release.hooks] if self.release else []

    def _take_apps(self, params: dict, errors: ValidationErrors) -> None:
        declared = parse_apps(params, self.namespace, errors)
        self.removed = declared.removed
        for spec in declared.specs:
            place = (spec.namespace, spec.name)
            rendered = declared.objects.get(place, [])
            self.apps.append({"namespace": spec.namespace, "name": spec.name})
            self.serve[place] = spec.serve
            if not errors.found:
                self.objects += rendered
                self.stages.update({ref_of(obj): declared.stages[place] for obj in rendered})
                self.pod_security.append(pod_security_of(spec, rendered))
