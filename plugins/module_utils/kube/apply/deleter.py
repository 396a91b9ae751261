"""Delete objects in the reverse order of creation."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.common.deadline import Deadline
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.conflicts import explain
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.deletion_end import (
    wait_for_end,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.object_change import (
    ObjectChange,
    UnfinishedError,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.ordering import run_waves
from ansible_collections.slipway.lab.plugins.module_utils.kube.discovery import Discovery
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import ApiError, KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ObjectRef

# in the message of the API server when an object has another uid than expected
UID_MISMATCH = "UID in"


class Deleter:
    """Deletes objects.

    Args:
        client: The KubeClient that sends the requests.
        discovery: Finds the paths of kinds.
        deadline: When a wait for deleted objects ends.
        dry_run: Whether the server is only asked, and nothing is deleted.
    """

    def __init__(self, client, discovery: Discovery, deadline: Deadline, dry_run: bool):
        self._client = client
        self._discovery = discovery
        self._deadline = deadline
        self._dry_run = dry_run

    def delete(
        self, refs: list[ObjectRef], wait: bool, live: dict[ObjectRef, dict] | None = None
    ) -> list[ObjectChange]:
        """Delete objects that may exist.

        Args:
            refs: The objects.
            wait: Whether to wait until they and the objects that they own have disappeared.
            live: The objects as they are, for the result.

        Returns:
            A change for each object that existed.

        Raises:
            ApplyError: The server refused to delete some objects, or they did not disappear.
        """
        made = run_waves(
            self._client,
            lambda ref: self.delete_object(ref, wait, (live or {}).get(ref)),
            refs,
            lambda ref: ref,
            backwards=True,
        )
        return [change for changes in made for change in changes]

    def delete_object(
        self, ref: ObjectRef, wait: bool, live: dict | None, settings: dict | None = None
    ) -> ObjectChange | None:
        """Delete one object.

        Args:
            ref: The object.
            wait: Whether to wait until it and the objects that it owns have disappeared.
            live: The object as it is. Another one of the same name is not deleted.
            settings: Fields of DeleteOptions, such as ``gracePeriodSeconds``.

        Returns:
            The change, or None when the object did not exist.

        Raises:
            KubeError: The server refused, or the object did not disappear.
        """
        resource = self._discovery.find(ref.api_version, ref.kind)
        if not resource:
            return None
        query = {"dryRun": "All"} if self._dry_run else {}
        # in the foreground, an object stays until all objects that it owns have disappeared
        body: dict = {
            "propagationPolicy": "Foreground" if wait else "Background",
            # with a body, the API server ignores the query
            **({"dryRun": ["All"]} if self._dry_run else {}),
            **(settings or {}),
        }
        if live and live["metadata"].get("uid"):
            # an object that another client has made in the meantime stays
            body["preconditions"] = {"uid": live["metadata"]["uid"]}
        try:
            answer = self._client.delete(resource.path(ref.namespace, ref.name), body, **query)
        except ApiError as error:
            if error.status != 409 or UID_MISMATCH not in str(error):
                raise explain(error, ref) from error
            if not error.after_lost_answer:
                raise KubeError(
                    f"{ref} was deleted and created again by another client; the new one was not deleted"
                ) from error
            answer = {}
        if answer is None:
            return None
        change = ObjectChange(ref, "deleted", live, None)
        if wait and not self._dry_run:
            try:
                wait_for_end(self._client, resource, ref, answer, self._deadline)
            except KubeError as error:
                raise UnfinishedError(str(error), change, **error.result) from error
        return change
