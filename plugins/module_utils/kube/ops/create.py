"""Create one object, exactly once."""

from __future__ import annotations

import random
import time

from ansible_collections.slipway.lab.plugins.module_utils.kube import field_managers, retry
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.conflicts import explain
from ansible_collections.slipway.lab.plugins.module_utils.kube.client import KubeClient
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import (
    ApiError,
    KubeError,
    UnreachableError,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ObjectRef, ref_of
from ansible_collections.slipway.lab.plugins.module_utils.kube.paths import path_segment

# as the API server makes names: characters that form no words
ALPHABET = "bcdfghjklmnpqrstvwxz2456789"
SUFFIX = 5
MAX_PREFIX = 58
ATTEMPTS = 5


def with_name(obj: dict) -> dict:
    """Return an object whose name is made from its ``generateName``.

    The client makes the name, because a request whose answer was lost can only be looked up by a name.
    """
    metadata = dict(obj["metadata"])
    if metadata.get("name"):
        return obj
    prefix = metadata.pop("generateName")[:MAX_PREFIX]
    letters = random.SystemRandom().choices(ALPHABET, k=SUFFIX)
    return {**obj, "metadata": {**metadata, "name": prefix + "".join(letters)}}


def create_object(client: KubeClient, collection: str, obj: dict, dry_run: bool = False) -> dict:
    """Create an object, and return it as the server stored it.

    Args:
        client: Sends the requests.
        collection: Path of the collection.
        obj: The object, with ``name`` or ``generateName``.
        dry_run: Whether the server is only asked, and nothing is created.

    Raises:
        KubeError: The object exists already, the server refused it, or it did not answer.
    """
    is_given = bool(obj["metadata"].get("name"))
    obj = with_name(obj)
    ref, path = ref_of(obj), f"{collection}/{path_segment(obj['metadata']['name'])}"
    if is_given and client.get_or_none(path):
        raise _exists(ref)
    query = {"fieldManager": field_managers.CREATE, "fieldValidation": "Strict"}
    if dry_run:
        query["dryRun"] = "All"
    attempts, pause = ATTEMPTS, retry.INITIAL_BACKOFF
    while True:
        try:
            return client.post(collection, obj, **query)
        except (ApiError, UnreachableError) as error:
            found = None if dry_run else _created(client, path, error)
            if found:
                return found
            attempts -= 1
            if not attempts or not _may_send_again(error):
                raise _explained(error, ref) from error
        time.sleep(pause)
        pause *= 2


def _created(client: KubeClient, path: str, error: KubeError) -> dict | None:
    """Return the object if a request without an answer, or an earlier one, has created it."""
    is_taken = isinstance(error, ApiError) and error.status == 409
    if not (is_taken or _may_have_arrived(error)):
        return None
    found = client.get_or_none(path)
    entries = ((found or {}).get("metadata") or {}).get("managedFields") or []
    # it did not exist before, so the mark of this module is that of this task
    is_ours = any(entry.get("manager") == field_managers.CREATE for entry in entries)
    return found if is_ours else None


def _may_have_arrived(error: KubeError) -> bool:
    if isinstance(error, ApiError):
        return error.status >= 500
    return getattr(error, "sent", True) and not getattr(error, "final", False)


def _may_send_again(error: KubeError) -> bool:
    """Return whether the same name may be sent again: if the former request arrives late, one of the two is refused."""
    return _may_have_arrived(error) and (not isinstance(error, ApiError) or error.transient)


def _explained(error: KubeError, ref: ObjectRef) -> KubeError:
    if not isinstance(error, ApiError):
        return error
    return _exists(ref) if error.reason == "AlreadyExists" else explain(error, ref)


def _exists(ref: ObjectRef) -> KubeError:
    return KubeError(
        f"{ref} exists already; nothing was created. Give metadata.generateName for a new object on each run, or "
        "declare the object with slipway.lab.workload"
    )
