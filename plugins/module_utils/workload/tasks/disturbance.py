"""Kill pods and processes at random: the work of the ``workload_disturb`` module."""

from __future__ import annotations

import random
import time

from ansible_collections.slipway.lab.plugins.module_utils.kube.client import KubeClient
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.exec import run_in_pod
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import is_working
from ansible_collections.slipway.lab.plugins.module_utils.kube.paths import path_segment

NOW = {"gracePeriodSeconds": 0}
PROCESS_TIMEOUT = 10


def ready_pods(client: KubeClient, path: str, selector: str) -> list[dict]:
    """Return the pods that can be disturbed, by name."""
    pods, _ = client.list_all(path, labelSelector=selector)
    ready = [pod for pod in pods if is_working(pod)]
    return sorted(ready, key=lambda pod: pod["metadata"]["name"])


def disturb(module) -> dict:
    """Kill pods and processes until the time is over.

    Returns:
        The time, the kind and the pod of each disturbance.

    Raises:
        KubeError: The API server refused to list or to delete pods.
    """
    params = module.params
    client, chance = KubeClient(params), random.Random(params["seed"])
    path = f"/api/v1/namespaces/{path_segment(params['namespace'])}/pods"
    kinds = ["pod", "process"] if params["kill_process"] else ["pod"]
    done: list[dict] = []
    end = time.monotonic() + params["seconds"]
    while time.monotonic() < end:
        pods = ready_pods(client, path, params["selector"])
        if len(pods) > params["leave"]:
            pod, kind = chance.choice(pods), kinds[len(done) % len(kinds)]
            name = pod["metadata"]["name"]
            done.append({"at": time.time(), "kind": kind, "pod": name})
            if kind == "pod":
                client.delete(f"{path}/{path_segment(name)}", NOW)
            else:
                _kill_process(module, client, pod)
        time.sleep(
            max(0.0, min(params["pause"] * chance.uniform(0.5, 1.5), end - time.monotonic()))
        )
    return {"changed": bool(done), "disturbances": done}


def _kill_process(module, client: KubeClient, pod: dict) -> None:
    params, name = module.params, pod["metadata"]["name"]
    container = pod["spec"]["containers"][0]["name"]
    command = params["kill_process"]
    try:
        run_in_pod(client, params["namespace"], name, container, command, None, PROCESS_TIMEOUT)
    except KubeError as error:
        # the command may end together with the process that it killed
        module.debug(str(error))
