"""Make a Job from the template of a CronJob."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ObjectRef
from ansible_collections.slipway.lab.plugins.module_utils.workload.cluster import Cluster

CRON_JOB = "batch/v1"
INSTANTIATE = "cronjob.kubernetes.io/instantiate"


def job_of(cluster: Cluster, namespace: str, name: str, job_name: str | None) -> dict:
    """Return a Job as ``kubectl create job --from=cronjob/NAME`` makes it.

    Args:
        cluster: The connection.
        namespace: Namespace of the CronJob.
        name: Name of the CronJob.
        job_name: Name of the Job. Without one, the name is made from that of the CronJob.

    Raises:
        KubeError: There is no such CronJob.
    """
    ref = ObjectRef(CRON_JOB, "CronJob", namespace, name)
    cron_job = cluster.client.get_or_none(cluster.discovery.path(ref))
    if not cron_job:
        raise KubeError(f"{ref} does not exist; nothing was created")
    template = cron_job["spec"]["jobTemplate"]
    given = template.get("metadata") or {}
    metadata = {
        "namespace": namespace,
        "labels": given.get("labels") or {},
        "annotations": {**(given.get("annotations") or {}), INSTANTIATE: "manual"},
        # a controller, so that the limits of the CronJob's history count the Job. It does not block the deletion of the
        # CronJob, which would need a right of its own.
        "ownerReferences": [
            {
                "apiVersion": CRON_JOB,
                "kind": "CronJob",
                "name": name,
                "uid": cron_job["metadata"]["uid"],
                "controller": True,
            }
        ],
        **({"name": job_name} if job_name else {"generateName": f"{name}-"}),
    }
    return {"apiVersion": CRON_JOB, "kind": "Job", "metadata": metadata, "spec": template["spec"]}
