"""Parse the manifests of a task, among them the release of a chart."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.kube import manifests
from ansible_collections.slipway.lab.plugins.module_utils.kube.validation import ValidationErrors
from ansible_collections.slipway.lab.plugins.module_utils.workload.release.declared import (
    Release,
    take_release,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.stages import check_stages


def parse_manifests(
    params: dict, namespace: str, errors: ValidationErrors
) -> tuple[Release | None, list[dict]]:
    """Return the release of a task and all declared objects, those of the release included.

    Args:
        params: The parameters of the module.
        namespace: The namespace of the task.
        errors: Receives the mistakes.
    """
    release, others = take_release(params["manifests"], namespace, errors)
    objects = manifests.load(others, errors)
    if release and params["state"] != "absent":
        objects += [*release.definitions, *release.objects]
    check_stages(objects, errors)
    return release, objects
