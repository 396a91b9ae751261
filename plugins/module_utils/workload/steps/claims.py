"""Find the claims that get a volume only when a pod uses them."""

from __future__ import annotations

from collections.abc import Iterable

from ansible_collections.slipway.lab.plugins.module_utils.kube.client import KubeClient
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import ApiError, KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import (
    ObjectRef,
    kind_of,
    ref_of,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.paths import path_segment

CLASSES = "/apis/storage.k8s.io/v1/storageclasses"


def claims_for_pods(client: KubeClient, objects: Iterable[dict], result: dict) -> set[ObjectRef]:
    """Return the claims among objects that get a volume only when a pod uses them, by their StorageClass.

    Args:
        client: Reads the StorageClasses.
        objects: Objects as the server has them.
        result: Gets a warning for each StorageClass that the account may not read. Its claims count among them.

    Raises:
        KubeError: The API server refused to read a StorageClass for another reason.
    """
    pending = [obj for obj in objects if _is_pending(obj)]
    names = sorted({_class_of(claim) for claim in pending} - {""})
    answers = client.parallel(
        lambda name: client.get_or_none(f"{CLASSES}/{path_segment(name)}"), names
    )
    waiting = set()
    for name, answer in zip(names, answers):
        if isinstance(answer, ApiError) and answer.status == 403:
            waiting.add(name)
            warning = f"claims of StorageClass {name} are not waited for: {answer}"
            result["warnings"] = [*result.get("warnings", ()), warning]
        elif isinstance(answer, KubeError):
            raise answer
        elif answer and answer.get("volumeBindingMode") == "WaitForFirstConsumer":
            waiting.add(name)
    return {ref_of(claim) for claim in pending if _class_of(claim) in waiting}


def _is_pending(obj: dict) -> bool:
    phase = (obj.get("status") or {}).get("phase", "Pending")
    return kind_of(obj) == "PersistentVolumeClaim" and phase == "Pending"


def _class_of(claim: dict) -> str:
    return claim["spec"].get("storageClassName") or ""
