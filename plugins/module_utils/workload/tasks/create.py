"""Create one object: the work of the ``object_create`` module."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.ops.create import create_object
from ansible_collections.slipway.lab.plugins.module_utils.workload.cluster import Cluster
from ansible_collections.slipway.lab.plugins.module_utils.workload.parse.definition import (
    place,
    read_definition,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.steps.claims import (
    claims_for_pods,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.steps.creation import (
    creation_result,
    wait_for_created,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.steps.expectations import (
    expect,
    expectations_of_each,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.steps.manual_job import job_of

# stands for the object when only the options are checked
SOMETHING = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "x"}}


def create(module) -> dict:
    """Create the object that the parameters of a module describe.

    Raises:
        KubeError: The parameters have a mistake, the object exists already, the API server refused it, or the wait
            failed. The result has the object if it was created.
    """
    params = module.params
    definition = read_definition(params)
    # mistakes are to be found before the object exists
    expectations_of_each(params["wait_for"] or [], [SOMETHING])
    cluster = Cluster.connect(params, "object_create", module.check_mode)
    if params.get("from_cron_job"):
        name = params.get("name")
        definition = job_of(cluster, params["namespace"], params["from_cron_job"], name)
    obj, collection = place(cluster.discovery, definition, params["namespace"])
    created = create_object(cluster.client, collection, obj, module.check_mode)
    created = {"apiVersion": obj["apiVersion"], "kind": obj["kind"], **created}
    result = creation_result(created, module._diff)
    if module.check_mode:
        return result
    try:
        if params["wait"] and not claims_for_pods(cluster.client, [created], result):
            wait_for_created(cluster, created, params["log_lines"], result)
        if params["wait_for"]:
            expect(cluster, expectations_of_each(params["wait_for"], [created]), result)
    except KubeError as error:
        error.result = {**result, **error.result}
        raise
    return result
