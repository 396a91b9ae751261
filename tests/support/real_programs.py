"""Find the programs of a control plane that Slipway has built."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

# Directories with kube-apiserver, kube-controller-manager and kubectl of further versions, separated by colons.
FURTHER = "SLIPWAY_TEST_KUBERNETES"
BUILD = "`./slipway up` (or `./slipway test roles`) builds them"
KUBERNETES = ("kube-apiserver", "kube-controller-manager", "kubectl")


class Programs(NamedTuple):
    """The programs of one version of Kubernetes."""

    etcd: Path
    kubernetes: Path

    @property
    def name(self) -> str:
        """Return the version that the directory's version file or its key tells apart."""
        return self.kubernetes.parent.name


def cache() -> Path:
    """Return the directory of the cache of artifacts."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "slipway"


def find_programs() -> tuple[list[Programs], str]:
    """Return the programs that are present, and the reason why there are none."""
    etcds = _newest("etcd", ("server",))
    found = _newest("kubernetes", KUBERNETES)[:1]
    for folder in filter(None, os.environ.get(FURTHER, "").split(os.pathsep)):
        if _complete(Path(folder), KUBERNETES):
            found.append(Path(folder))
    if not etcds or not found:
        missing = "etcd" if found else "kube-apiserver"
        return [], f"{missing} is not in {cache()}: {BUILD}"
    return [Programs(etcds[0] / "server", folder) for folder in found], ""


def _newest(artifact: str, names: tuple[str, ...]) -> list[Path]:
    """Return the directories of an artifact that are complete, the newest first."""
    folders = [path for path in cache().glob(f"{artifact}/*/bin") if _complete(path, names)]
    return sorted(folders, key=lambda path: path.stat().st_mtime, reverse=True)


def _complete(folder: Path, names: tuple[str, ...]) -> bool:
    return all(os.access(folder / name, os.X_OK) for name in names)
