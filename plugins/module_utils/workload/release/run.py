"""The release of a task: checks, hooks, a takeover from helm, and a record."""

from __future__ import annotations

from typing import Any

from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import (
    ObjectRef,
    kind_of,
    ref_of,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.context import ApplyContext
from ansible_collections.slipway.lab.plugins.module_utils.workload.release.adoption import Adoption
from ansible_collections.slipway.lab.plugins.module_utils.workload.release.hooks import run_hooks
from ansible_collections.slipway.lab.plugins.module_utils.workload.release.owners import (
    check_owners,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.release.record import (
    read_record,
    write_record,
)

# A pod template decides by its own metadata whether pods are replaced.
OF_PODS = ("spec", "template", "metadata")


class ReleaseRun:
    """The release of a task. Without one, its methods do nothing.

    Args:
        context: The run of the module.
    """

    def __init__(self, context: ApplyContext):
        self._context = context
        self._release = context.declaration.release
        self._adoption: Adoption | None = None
        # The chart or its values are not those of the last run, so hooks run.
        self._is_new = False

    def members(self, objects: list[dict]) -> list[dict]:
        """Return the objects that are members of the set: all but the definitions of the chart."""
        if not self._release:
            return objects
        definitions = {id(obj) for obj in self._release.definitions}
        return [obj for obj in objects if id(obj) not in definitions]

    def check(self, live: dict[ObjectRef, dict]) -> None:
        """Look at the record and at helm, before anything is written.

        Raises:
            KubeError: Helm, or another release, owns objects of the release.
        """
        release = self._release
        if not release:
            return
        client = self._context.cluster.client
        record = read_record(client, release.namespace, release.name)
        self._is_new = not record or record["digest"] != release.digest
        self._adoption = None if record else Adoption.find(self._context)
        if not self._context.params["force"]:
            check_owners(release, live, bool(self._adoption))
        self._keep_generated(live)

    def start(self, objects: list[dict], live: dict[ObjectRef, dict]) -> list[dict]:
        """Take over what helm owns, and run the hooks that come first.

        Args:
            objects: The objects to apply.
            live: Those of them that exist. Receives those that are applied here.

        Returns:
            The objects that remain to be applied.

        Raises:
            KubeError: A hook failed, or the API server refused.
        """
        if not self._release or not self._is_new:
            return objects
        if self._adoption:
            self._adoption.take_fields(live)
            return objects
        if not any(f"pre-{self._release.mode}" in hook.events for hook in self._release.hooks):
            return objects
        first = [obj for obj in objects if kind_of(obj) == "CustomResourceDefinition"]
        context = self._context
        context.result.collect(lambda: context.applier.apply(first, live))
        self._run_hooks("pre")
        return [obj for obj in objects if obj not in first]

    def run_last_hooks(self) -> None:
        """Run the hooks that come after the objects, and tests.

        Raises:
            KubeError: A hook failed.
        """
        if self._release and self._is_new and not self._adoption:
            self._run_hooks("post")
            run_hooks(self._context, self._release.hooks, "test")

    def finish(self) -> None:
        """Record the release.

        Raises:
            KubeError: The API server refused.
        """
        release, context = self._release, self._context
        if not release:
            return
        fields: dict[str, Any] = {
            name: getattr(release, name) for name in ("name", "namespace", "chart", "version")
        }
        fields["operation"] = ""
        context.result.fields["release"] = fields
        if not self._is_new:
            return
        fields["operation"] = "adopt" if self._adoption else release.mode
        if context.cluster.check:
            return
        record = {name: getattr(release, name) for name in ("chart", "version", "digest", "mode")}
        write_record(context.cluster.client, release.namespace, release.name, record)
        if self._adoption:
            self._adoption.finish()

    @property
    def undeclared(self) -> dict[ObjectRef, dict]:
        """Return the objects of helm's release that the chart no longer has."""
        return self._adoption.undeclared if self._adoption else {}

    def _run_hooks(self, when: str) -> None:
        run_hooks(self._context, self._release.hooks, f"{when}-{self._release.mode}")

    def _keep_generated(self, live: dict[ObjectRef, dict]) -> None:
        """Keep the values that the chart makes up at each rendering, such as passwords.

        The checksum of such a value in a pod template stays too, except with another chart or other values: then the
        checksum is also about them.
        """
        for obj, paths in self._release.generated:
            current = live.get(ref_of(obj))
            for path in paths:
                value = _value_at(current, path)
                if value is not None and not (self._is_new and path[:3] == OF_PODS):
                    _value_at(obj, path[:-1])[path[-1]] = value


def _value_at(value: Any, path: tuple) -> Any:
    for step in path:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return None
    return value
