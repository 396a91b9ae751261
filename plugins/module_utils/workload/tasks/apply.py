"""Declare, apply, wait and prune: the work of the ``workload`` module."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ansible_collections.slipway.lab.plugins.module_utils.workload.context import ApplyContext
from ansible_collections.slipway.lab.plugins.module_utils.workload.declaration import Declaration
from ansible_collections.slipway.lab.plugins.module_utils.workload.result import TaskResult
from ansible_collections.slipway.lab.plugins.module_utils.workload.steps.deletion import (
    delete_objects,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.steps.expectations import (
    wait_for_expectations,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.steps.preparation import (
    prepare,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.steps.recovery import (
    recovery,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.steps.staging import (
    apply_in_stages,
)


class ApplyTask:
    """One run of the module.

    Args:
        params: The parameters of the module.
        check: Whether the run only predicts its changes.
        diff: Whether the result contains a diff.
    """

    def __init__(self, params: dict, check: bool = False, diff: bool = False):
        self._params = params
        self._check = check
        self._result = TaskResult(diff)

    def hide_secrets(self, module: Any) -> None:
        """Keep the secrets of the task out of what Ansible prints.

        Args:
            module: The AnsibleModule.
        """
        self._result.hide_secrets_of(module)

    def run(self) -> dict:
        """Bring the cluster to the declared state.

        Returns:
            The result of the module.

        Raises:
            KubeError: The task has mistakes, or a step failed. The error contains the result so
                far.
        """
        declaration = Declaration.from_params(self._params)
        self._result.hide_secrets_in([*declaration.objects, *declaration.hooks])
        if declaration.pod_security:
            self._result.fields["pod_security"] = declaration.pod_security
        context = ApplyContext.connect(self._params, declaration, self._result, self._check)
        count = len(declaration.objects)
        context.cluster.progress(f"reading the cluster, {count} objects are declared")
        objects = declaration.placed(context.cluster.discovery)
        with self._result.attached_to_errors(context.cluster.client):
            if self._params["state"] == "absent":
                delete_objects(context, objects)
            else:
                self._apply(context, objects)
        self._add_warnings(context)
        return self._result.as_dict(context.cluster.client)

    def _add_warnings(self, context: ApplyContext) -> None:
        release = context.declaration.release
        self._result.warn([*context.applier.warnings, *(release.warnings if release else ())])

    def _apply(self, context: ApplyContext, objects: list[dict]) -> None:
        preparation = prepare(context, objects)
        release = preparation.membership.release
        with recovery(context):
            remaining = release.start(preparation.objects, preparation.live)
            apply_in_stages(context, replace(preparation, objects=remaining))
            if not self._check and self._params["wait"] != "none":
                wait_for_expectations(context)
            release.run_last_hooks()
        preparation.undeclared.delete_rest()
        preparation.membership.prune()
        release.finish()


def apply_workloads(module) -> dict:
    """Run the module, and keep secrets out of its result even when it fails."""
    task = ApplyTask(module.params, module.check_mode, module._diff)
    try:
        return task.run()
    finally:
        task.hide_secrets(module)
