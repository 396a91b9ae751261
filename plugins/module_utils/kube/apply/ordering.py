"""Process objects wave by wave, in the order in which they depend on each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.conflicts import (
    refusal_entry,
    refusal_text,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.object_change import (
    ApplyError,
    ObjectChange,
    UnfinishedError,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.client import KubeClient
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.kinds import apply_wave
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ObjectRef, ref_of


def waves(
    items: list[Any], ref_of_item: Callable[[Any], ObjectRef], backwards: bool = False
) -> list[list[Any]]:
    """Return the items in groups, in the order of creation or backwards."""
    groups = defaultdict(list)
    for item in items:
        groups[apply_wave(ref_of_item(item).own_kind)].append(item)
    return [groups[wave] for wave in sorted(groups, reverse=backwards)]


def run_waves(
    client: KubeClient,
    work: Callable[[Any], ObjectChange | None],
    items: list[Any],
    ref_of_item: Callable[[Any], ObjectRef] = ref_of,
    backwards: bool = False,
) -> Iterator[list[ObjectChange]]:
    """Process the items of each wave concurrently, and yield the changes of each wave.

    Args:
        client: Runs the work in its threads.
        work: Processes one item. Returns None when there was nothing to do.
        items: The items, by default manifests.
        ref_of_item: Returns the ref of the object that an item is about.
        backwards: Whether the last wave is the first.

    Raises:
        ApplyError: Items of a wave were refused. Later waves are not processed.
    """
    done: list[ObjectChange] = []
    for wave in waves(items, ref_of_item, backwards):
        results = client.parallel(work, wave)
        made = [result for result in results if isinstance(result, ObjectChange)]
        made += [result.change for result in results if isinstance(result, UnfinishedError)]
        done += made
        refused = [
            (ref_of_item(item), error)
            for item, error in zip(wave, results)
            if isinstance(error, KubeError)
        ]
        if refused:
            entries = [refusal_entry(ref, error) for ref, error in refused]
            raise ApplyError(refusal_text(refused), done, entries)
        yield made
