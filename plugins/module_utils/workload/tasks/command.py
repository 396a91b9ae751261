"""Run a command in containers of a workload: the work of the ``workload_exec`` module."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.kube.client import KubeClient
from ansible_collections.slipway.lab.plugins.module_utils.kube.discovery import Discovery
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.exec import (
    MAX_OUTPUT,
    run_in_pod,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import is_working
from ansible_collections.slipway.lab.plugins.module_utils.kube.pods import containers
from ansible_collections.slipway.lab.plugins.module_utils.workload.lookup import (
    check_reference,
    pods_for,
)

MAX_OUTPUT_IN_ERROR = 500


def choose_containers(params: dict, pods: list[dict]) -> list[tuple[str, str]]:
    """Return the pods and containers in which the command runs.

    Args:
        params: The parameters: ``all``, ``container`` and ``namespace``.
        pods: The pods of the workload.

    Returns:
        The name of each pod and of its container.

    Raises:
        KubeError: No pod is ready, or a pod does not have the container.
    """
    # a command may be what makes a pod ready, so a pod that the task names only needs a container that runs
    ready = [pod for pod in pods if params.get("pod") or is_working(pod)]
    if not ready:
        raise KubeError(f"none of {len(pods)} pods is ready in namespace {params['namespace']}")
    result = []
    for pod in ready if params["all"] else ready[:1]:
        running = _running(pod)
        names = [name for name, is_permanent in containers(pod) if is_permanent or name in running]
        container = params.get("container") or names[0]
        if container not in names:
            raise KubeError(
                f"pod {pod['metadata']['name']} has no container {container}; it has "
                f"{', '.join(names)}"
            )
        result.append((pod["metadata"]["name"], container))
    return result


def _running(pod: dict) -> set[str]:
    """Return the init containers of a pod that run now."""
    statuses = (pod.get("status") or {}).get("initContainerStatuses") or []
    return {entry["name"] for entry in statuses if "running" in (entry.get("state") or {})}


def run_command(module) -> dict:
    """Run the command in the chosen containers concurrently.

    Raises:
        KubeError: The parameters have a mistake, no container is suitable, the API server refused
            the command, or the command failed.
    """
    params = module.params
    _check_params(params)
    client = KubeClient(params)
    places = choose_containers(params, pods_for(client, Discovery(client), params))
    answers = client.parallel(
        lambda place: run_in_pod(
            client, params["namespace"], *place, params["argv"], params["stdin"], params["timeout"]
        ),
        places,
    )
    results = []
    for (pod, container), answer in zip(places, answers):
        if isinstance(answer, KubeError):
            raise answer
        results.append({"pod": pod, "container": container, **answer})
    result = command_result(results)
    if result["rc"] and params["check_rc"]:
        raise _command_error(params["argv"][0], results, result)
    return result


def command_result(results: list[dict]) -> dict:
    """Return the result of the module: the highest return code, and the output of the first pod."""
    first = results[0]
    cut = [entry["pod"] for entry in results if entry["truncated"]]
    return {
        "changed": True,
        "truncated": bool(cut),
        "warnings": [
            f"pod {pod}: the output is longer than {MAX_OUTPUT >> 20} MiB, and the rest is missing"
            for pod in cut
        ],
        "results": results,
        "rc": max(entry["rc"] for entry in results),
        "stdout": first["stdout"],
        "stdout_lines": first["stdout"].splitlines(),
        "stderr": first["stderr"],
    }


def _check_params(params: dict) -> None:
    check_reference(params)
    if not params["argv"] or not params["argv"][0]:
        raise KubeError("argv: needs at least the command")
    if params["timeout"] < 1:
        raise KubeError("timeout: at least 1 second")


def _command_error(command: str, results: list[dict], result: dict) -> KubeError:
    worst = max(results, key=lambda entry: entry["rc"])
    output = (worst["stderr"] or worst["stdout"]).strip()[-MAX_OUTPUT_IN_ERROR:]
    return KubeError(
        f"pod {worst['pod']}: {command} ended with return code {worst['rc']}: {output}", **result
    )
