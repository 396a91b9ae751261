"""Apply manifests in dependency order with server-side apply."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace

from ansible_collections.slipway.lab.plugins.module_utils.common.deadline import Deadline
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.deleter import Deleter
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.object_applier import (
    ObjectApplier,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.object_change import (
    ObjectChange,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.ordering import run_waves
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.prerequisites import (
    Prerequisites,
    wait_until_established,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.sender import (
    ApplyOptions,
    Sender,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.client import KubeClient


class Applier:
    """Applies and deletes sets of objects.

    Args:
        client: Sends the requests.
        discovery: The Discovery that finds the paths of kinds.
        deadline: When waits for definitions and for deleted objects end.
        progress: Receives a line after each wave.
        **options: The fields of ApplyOptions.
    """

    def __init__(
        self,
        client: KubeClient,
        discovery,
        deadline: Deadline,
        progress: Callable[[str], None] = lambda text: None,
        **options,
    ):
        self.client = client
        self.options = ApplyOptions(**options)
        self.discovery = discovery
        self._deadline = deadline
        self._progress = progress
        self._deleter = Deleter(client, discovery, deadline, self.options.dry_run)
        self._sender = Sender(client, discovery, self.options)
        self._object_applier = ObjectApplier(
            self._sender,
            lambda ref, live, settings: self._deleter.delete_object(ref, True, live, settings),
        )

    @property
    def warnings(self) -> list[str]:
        """Return what was left out of declarations because the server does not know it."""
        return self._sender.warnings

    def overriding(self) -> Applier:
        """Return an applier that succeeds wherever the server allows it, for a rollback."""
        options = replace(self.options, force=True, recreate=True, validate="ignore")
        return Applier(
            self.client, self.discovery, self._deadline, self._progress, **asdict(options)
        )

    def apply(self, objects: list[dict], live: dict) -> list[ObjectChange]:
        """Apply objects wave by wave.

        Args:
            objects: The objects as declared.
            live: Those of the objects that exist, by ObjectRef.

        Raises:
            ApplyError: The server refused objects of a wave. Later waves were not applied.
            KubeError: A definition was not established. Later waves were not applied.
        """
        prerequisites = Prerequisites(objects, self.discovery)
        done: list[ObjectChange] = []
        for made in run_waves(
            self.client,
            lambda obj: self._object_applier.apply(obj, live, prerequisites.explain),
            objects,
        ):
            done += made
            prerequisites.note(made)
            if not self.options.dry_run:
                wait_until_established(self.client, self.discovery, self._deadline, made, done)
            self._progress(f"applied {len(done)} of {len(objects)} objects")
        return done

    def delete(self, refs: list, wait: bool, live: dict | None = None) -> list[ObjectChange]:
        """Delete objects in the reverse order of creation; see Deleter."""
        return self._deleter.delete(refs, wait, live)
