"""Fill a new state of a lab from a snapshot, beside the old one."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from ansible_collections.slipway.lab.plugins.module_utils.snapshots.copying import (
    Copier,
    state_entries,
)
from ansible_collections.slipway.lab.plugins.module_utils.snapshots.fitness import check_mounts
from ansible_collections.slipway.lab.plugins.module_utils.snapshots.journal import (
    FILLED,
    FOLDER,
    Journal,
    new_state,
)
from ansible_collections.slipway.lab.plugins.module_utils.snapshots.manifest import STATE
from ansible_collections.slipway.lab.plugins.module_utils.snapshots.packing import Packer
from ansible_collections.slipway.lab.plugins.module_utils.snapshots.parallel import Report, run_all
from ansible_collections.slipway.lab.plugins.module_utils.snapshots.plan import RestorePlan
from ansible_collections.slipway.lab.plugins.module_utils.snapshots.switching import discard

# Label of images that a restore has created, with the name of the lab.
RESTORED = "slipway.restored"


class Restoring:
    """Fills the new state.

    Args:
        plan: Its objects.
        packer: Runs the programs.
        folder: Directory of the snapshot.
    """

    def __init__(self, plan: RestorePlan, packer: Packer, folder: Path):
        self.plan = plan
        self.engine = plan.engine
        self.manifest = plan.manifest
        self.target = plan.target
        self.packer = packer
        self.folder = folder

    def fill(self, report: Report) -> None:
        """Create volumes, images and the state beside the old ones.

        Args:
            report: Gets a text, the number of restored parts and of all.

        Raises:
            SnapshotError: A part is damaged, or cannot be restored. Nothing of it is left then.
        """
        self.target.state.mkdir(parents=True, exist_ok=True, mode=0o700)
        journal = self.plan.journal()
        journal.write(self.target.state)
        try:
            self.plan.create(journal)
            self._copy(report)
            self._check_mounts(journal)
        except BaseException:
            self.packer.interrupt()
            discard(self.engine, self.target.state, journal)
            raise
        journal.stage = FILLED
        journal.write(self.target.state)

    def _copy(self, report: Report) -> None:
        """Copy the parts. Volumes need an image with tar, which every host has."""
        state, parts = self.target.state, self.manifest.parts
        new_state(state).mkdir(mode=0o700)
        copier = Copier(self.packer, state / FOLDER)
        copier.load_state(parts[STATE], self._file(STATE), new_state(state))
        marks = [f"{RESTORED}={self.target.lab}"]
        roots: dict[str, Callable[[], None]] = {
            key: partial(copier.load_root, parts[key], self._file(key), image, marks)
            for key, image in self.plan.images.items()
            if not self.engine.has_image(image)
        }
        copier.image = self._image_with_tar()
        if not copier.image:
            run_all(roots, self.packer.interrupt, report)
            roots, copier.image = {}, next(iter(self.plan.images.values()))
        volumes = {
            name: partial(copier.load_volume, parts[name], self._file(name), mine)
            for name, mine in self.plan.volumes.items()
        }
        jobs = roots | volumes
        largest = sorted(jobs, key=lambda key: -parts[key].content)
        run_all({key: jobs[key] for key in largest}, self.packer.interrupt, report)

    def _file(self, key: str) -> Path:
        return self.folder / self.manifest.parts[key].file

    def _image_with_tar(self) -> str:
        """Return an image of a host that the engine has already; empty without one."""
        names = [str(one["config"]["Image"]) for one in self.manifest.containers]
        return next(filter(self.engine.has_image, [*self.plan.images.values(), *names]), "")

    def _check_mounts(self, journal: Journal) -> None:
        """Check that everything that the containers mount exists."""
        state = self.target.state
        binds = [
            bind for body in journal.containers.values() for bind in body["HostConfig"]["Binds"]
        ]
        coming = [state / name for name in state_entries(new_state(state))]
        check_mounts([bind.partition(":")[0] for bind in binds], coming, self.target.cache)
