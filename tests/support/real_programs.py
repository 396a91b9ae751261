"""Find the programs of a control plane that Slipway has built."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

# Directories with kube-apiserver, kube-controller-manager and kubectl of further versions, separated by colons.
FURTHER = "SLIPWAY_TEST_KUBERNETES"
BUILD = "`./slipway up` (or `./slipway test --layer roles`) builds them"
# The artifact of the mirror that has all of them.
ARTIFACT = "cluster"
KUBERNETES = ("kube-apiserver", "kube-controller-manager", "kubectl")
ETCD = "server"


class Programs(NamedTuple):
    """The programs of one version of Kubernetes."""

    etcd: Path
    kubernetes: Path

    @property
    def name(self) -> str:
        """Return the name of the directory around the programs: the key of the artifact, for example."""
        return self.kubernetes.parent.name


def cache() -> Path:
    """Return the directory of the cache of artifacts."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "slipway"


def find_programs() -> tuple[list[Programs], str]:
    """Return the programs that are present, and the reason why there are none."""
    complete = (*KUBERNETES, ETCD)
    built = [path for path in cache().glob(f"artifacts/{ARTIFACT}/*/bin") if _has(path, complete)]
    if not built:
        return [], f"kube-apiserver and etcd are not in {cache()}: {BUILD}"
    newest = max(built, key=lambda path: path.stat().st_mtime)
    further = map(Path, filter(None, os.environ.get(FURTHER, "").split(os.pathsep)))
    folders = [newest, *(folder for folder in further if _has(folder, KUBERNETES))]
    return [Programs(newest / ETCD, folder) for folder in folders], ""


def _has(folder: Path, names: tuple[str, ...]) -> bool:
    return all(os.access(folder / name, os.X_OK) for name in names)
