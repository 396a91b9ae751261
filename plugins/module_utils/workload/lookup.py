"""Find a workload that a task names, and its pods."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.common.selectors import selector_text
from ansible_collections.slipway.lab.plugins.module_utils.kube import validation as check
from ansible_collections.slipway.lab.plugins.module_utils.kube.client import KubeClient, gather
from ansible_collections.slipway.lab.plugins.module_utils.kube.discovery import Discovery
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.kinds import (
    APP_KINDS,
    api_version_of,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import (
    ObjectRef,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.paths import (
    name_selector,
    path_segment,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.validation import ValidationErrors

# options that name a workload, for the modules that read one
REFERENCE = {
    "name": {"type": "str"},
    "kind": {"type": "str", "choices": list(APP_KINDS)},
    "namespace": {"type": "str", "default": "default"},
}


def check_reference(params: dict) -> None:
    """Check the names of the task before a request is sent.

    Raises:
        KubeError: A name is not valid. The message names all of them.
    """
    problems = ValidationErrors()
    check.label_name(problems, "namespace", params["namespace"])
    if params.get("name") is not None:
        check.subdomain(problems, "name", params["name"])
    problems.stop()


def find(client: KubeClient, discovery: Discovery, params: dict) -> dict:
    """Return the workload with the name and, when it is given, the kind of the parameters.

    Raises:
        KubeError: No workload has the name, or several kinds have it.
    """
    kinds = [params["kind"]] if params.get("kind") else list(APP_KINDS)
    keys = [
        ObjectRef(api_version_of(kind), kind, params["namespace"], params["name"]) for kind in kinds
    ]
    discovery.load({key.api_version for key in keys})
    found = []
    answers = gather(client, lambda key: client.get_or_none(discovery.path(key)), keys)
    for key, answer in zip(keys, answers):
        if answer:
            found.append({"apiVersion": key.api_version, "kind": key.kind, **answer})
    if not found:
        raise KubeError(
            f"there is no {' or '.join(kinds)} {params['name']} in namespace {params['namespace']}"
        )
    if len(found) > 1:
        raise KubeError(
            f"{params['name']} is the name of a {' and a '.join(o['kind'] for o in found)}; give "
            "kind"
        )
    return found[0]


def pods_of(client: KubeClient, workload: dict) -> list[dict]:
    """Return the pods of a workload, sorted by name; those of a CronJob through its Jobs."""
    namespace = path_segment(workload["metadata"]["namespace"])
    if workload["kind"] == "CronJob":
        jobs, _ = client.list_all(f"/apis/batch/v1/namespaces/{namespace}/jobs")
        uid = workload["metadata"]["uid"]
        mine = [
            job
            for job in jobs
            if any(o.get("uid") == uid for o in job["metadata"].get("ownerReferences") or [])
        ]
        selectors = [job["spec"]["selector"] for job in mine]
    else:
        selectors = [workload["spec"]["selector"]]
    pods = []
    for selector in selectors:
        found, _ = client.list_all(
            f"/api/v1/namespaces/{namespace}/pods", labelSelector=selector_text(selector)
        )
        pods += found
    return sorted(pods, key=lambda pod: pod["metadata"]["name"])


def pods_for(client: KubeClient, discovery: Discovery, params: dict) -> list[dict]:
    """Return the pods that a task names by ``pod``, ``selector`` or the name of a workload.

    Raises:
        KubeError: The pod or the workload does not exist.
    """
    namespace = params["namespace"]
    if params.get("pod"):
        pod = client.get_or_none(
            f"/api/v1/namespaces/{path_segment(namespace)}/pods/{path_segment(params['pod'])}"
        )
        if not pod:
            raise KubeError(f"there is no pod {params['pod']} in namespace {namespace}")
        return [pod]
    if params.get("selector"):
        pods, _ = client.list_all(
            f"/api/v1/namespaces/{path_segment(namespace)}/pods", labelSelector=params["selector"]
        )
        return sorted(pods, key=lambda pod: pod["metadata"]["name"])
    return pods_of(client, find(client, discovery, params))


def find_all(client: KubeClient, discovery: Discovery, params: dict) -> list[dict]:
    """Return the workloads that a task names by ``name`` or ``selector``.

    They are of every kind unless the task names one. Without a match the list is empty.

    Raises:
        KubeError: The API server refused to list the workloads.
    """
    kinds = [params["kind"]] if params.get("kind") else list(APP_KINDS)
    discovery.load({api_version_of(kind) for kind in kinds})

    def read(kind: str) -> list[dict]:
        query = {"labelSelector": params["selector"]} if params.get("selector") else {}
        if params.get("name"):
            query["fieldSelector"] = name_selector(params["name"])
        resource = discovery.require(api_version_of(kind), kind)
        items, _ = client.list_all(resource.collection(params["namespace"]), **query)
        return [{"apiVersion": api_version_of(kind), "kind": kind, **item} for item in items]

    return [obj for answer in gather(client, read, kinds) for obj in answer]
