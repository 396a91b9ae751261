"""Read and record everything that an apply needs to know in advance."""

from __future__ import annotations

from dataclasses import dataclass

from ansible_collections.slipway.lab.plugins.module_utils.kube.manifests import check_served
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import (
    ObjectRef,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.context import ApplyContext
from ansible_collections.slipway.lab.plugins.module_utils.workload.steps.data import keep_claims
from ansible_collections.slipway.lab.plugins.module_utils.workload.steps.ending import read_present
from ansible_collections.slipway.lab.plugins.module_utils.workload.steps.membership import (
    Membership,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.steps.namespaces import (
    missing_namespaces,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.steps.undeclared import (
    Undeclared,
)


@dataclass(frozen=True)
class Preparation:
    """The input of an apply.

    Args:
        objects: The objects to apply.
        live: Those of the objects that exist.
        membership: The ApplySet of the task.
        undeclared: Objects of the task's applications that it does not declare.
    """

    objects: list[dict]
    live: dict[ObjectRef, dict]
    membership: Membership
    undeclared: Undeclared


def prepare(context: ApplyContext, objects: list[dict]) -> Preparation:
    """Return the input of an apply of these objects.

    Raises:
        KubeError: A kind is not served, data would be lost, or the API server refused a request.
    """
    cluster = context.cluster
    check_served(objects, cluster.discovery)
    membership = Membership(context)
    membership.label(objects)
    if context.params["create_namespace"]:
        namespace = context.declaration.namespace
        labels = context.params.get("namespace_labels")
        missing = missing_namespaces(cluster.client, objects, namespace, labels)
        objects = [*missing, *objects]
    live = read_present(cluster, objects)
    keep_claims(context, objects, live)
    context.result.hide_secrets_in(list(live.values()))
    undeclared = Undeclared.find(context, objects)
    return Preparation(membership.record(objects, live), live, membership, undeclared)
