"""Grow the claims of a StatefulSet with its templates of claims: its controller never changes a claim that exists."""

from __future__ import annotations

import re

from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.claim_owners import claims_in
from ansible_collections.slipway.lab.plugins.module_utils.kube.client import MERGE, KubeClient
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import (
    KubeError,
    raise_together,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import (
    SIZE_OF_CLAIM,
    kind_of,
    matches,
    ref_of,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.paths import path_segment


class ClaimGrowth:
    """The claims that have to grow, because templates of their StatefulSet have grown.

    Args:
        client: Reads and changes the claims.
        obj: The StatefulSet as declared, or an object of another kind, which has no such claims.
        live: The same object as it is.
        manager: The field manager of the change.

    Raises:
        KubeError: The API server refused to list the claims.

    The attribute ``changes`` has an entry for each claim, as results show changed fields, and ``warnings`` a text for
    each claim that cannot grow, because it has no volume yet.
    """

    def __init__(self, client: KubeClient, obj: dict, live: dict, manager: str):
        self._client = client
        self._manager = manager
        sizes = _grown_sizes(obj, live)
        claims = claims_in(client, live["metadata"]["namespace"]) if sizes else []
        smaller = [
            (claim, sizes[name])
            for claim in claims
            for name in sizes
            if _is_of(claim, live, name) and _amount(_size_of(claim)) < _amount(sizes[name])
        ]
        self._wanted = [one for one in smaller if one[0]["spec"].get("volumeName")]
        self.changes = [_entry(claim, size) for claim, size in self._wanted]
        self.warnings = [
            f"{ref_of(claim)} has no volume yet, so it cannot grow from {_size_of(claim)} to {size}; delete it and its "
            "pod to get a new one"
            for claim, size in smaller
            if not claim["spec"].get("volumeName")
        ]

    def check(self) -> None:
        """Ask the API server whether the claims may grow, without a change.

        Raises:
            KubeError: It refuses one. The message names what can be done.
        """
        raise_together(self._client.parallel(lambda one: self._try(*one), self._wanted))

    def grow(self) -> None:
        """Grow the claims; afterwards, ``changes`` has only those that did.

        Raises:
            KubeError: The API server refused one.
        """
        answers = self._client.parallel(lambda one: self._patch(*one), self._wanted)
        pairs = zip(self.changes, answers)
        self.changes = [entry for entry, answer in pairs if not isinstance(answer, KubeError)]
        raise_together(answers)

    def _try(self, claim: dict, size: str) -> None:
        try:
            self._patch(claim, size, dryRun="All")
        except KubeError as error:
            driver = claim["spec"].get("storageClassName") or "(none)"
            raise KubeError(
                f"{ref_of(claim)} cannot grow from {_size_of(claim)} to {size}: {error}; nothing was changed. If the "
                f"driver of StorageClass {driver} can grow volumes, set its allowVolumeExpansion: true and run the "
                "task again; otherwise keep the size, or move the data to a StatefulSet of another name",
                **error.result,
            ) from error

    def _patch(self, claim: dict, size: str, **query: str) -> None:
        metadata = claim["metadata"]
        place = f"/api/v1/namespaces/{path_segment(metadata['namespace'])}/persistentvolumeclaims"
        body = {
            # another claim of this name is not changed
            "metadata": {"uid": metadata["uid"]},
            "spec": {"resources": {"requests": {"storage": size}}},
        }
        path = f"{place}/{path_segment(metadata['name'])}"
        self._client.patch(path, body, MERGE, fieldManager=self._manager, **query)


def _grown_sizes(obj: dict, live: dict) -> dict[str, str]:
    """Return the new sizes of those templates of claims that have grown, by their names."""
    if kind_of(obj) != "StatefulSet":
        return {}
    before, after = _sizes(live), _sizes(obj)
    return {
        name: size
        for name, size in after.items()
        if name in before and _amount(before[name]) < _amount(size)
    }


def _sizes(stateful_set: dict) -> dict[str, str]:
    templates = stateful_set["spec"].get("volumeClaimTemplates") or []
    return {template["metadata"]["name"]: _size_of(template) for template in templates}


def _size_of(claim: dict) -> str:
    requests = (claim["spec"].get("resources") or {}).get("requests") or {}
    return str(requests.get("storage", 0))


def _is_of(claim: dict, stateful_set: dict, template: str) -> bool:
    """Return whether a StatefulSet uses a claim: it finds its claims by their names, and labels those that it makes."""
    metadata, name = claim["metadata"], stateful_set["metadata"]["name"]
    return bool(
        re.fullmatch(f"{re.escape(template)}-{re.escape(name)}-[0-9]+", metadata["name"])
    ) and matches(stateful_set["spec"]["selector"], metadata.get("labels"))


def _entry(claim: dict, size: str) -> dict:
    return {"field": f"{ref_of(claim)}: {SIZE_OF_CLAIM}", "before": _size_of(claim), "after": size}


def _amount(size: str):
    """Return a quantity as a number."""
    # imported here: few tasks need it, and it costs more than their requests
    from kubernetes.utils.quantity import parse_quantity

    return parse_quantity(size)
