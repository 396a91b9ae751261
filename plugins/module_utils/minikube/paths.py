"""Directories, files and environment variables of Minikube."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from ansible_collections.slipway.lab.plugins.module_utils.minikube.spec import Desired


def file_digest(path: str) -> str:
    """Return the sha256 of a file as 64 hex digits."""
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def minikube_home(home: str | None, environment: dict[str, str]) -> Path:
    """Return the directory ``.minikube`` as Minikube finds it (pkg/minikube/localpath: MiniPath)."""
    base = (
        home
        or environment.get("MINIKUBE_HOME")
        or os.environ.get("MINIKUBE_HOME")
        or os.path.expanduser("~")
    )
    path = Path(os.path.expanduser(base)).absolute()
    return path if path.name == ".minikube" else path / ".minikube"


def default_kubeconfig(environment: dict[str, str]) -> str:
    """Return the kubeconfig that Minikube writes to (pkg/minikube/kubeconfig: PathFromEnv)."""
    listed = environment.get("KUBECONFIG") or os.environ.get("KUBECONFIG") or ""
    first = next((p for p in listed.split(os.pathsep) if p), "")
    return os.path.expanduser(first or "~/.kube/config")


def minikube_environment(
    home: Path, kubeconfig: Path, desired: Desired | None = None
) -> dict[str, str]:
    """Return the environment of minikube.

    ``node add`` and ``node start`` lack the flags of ``start``, but Minikube also reads every flag from the
    environment (cmd/minikube/cmd/root.go: MINIKUBE_ and the name).
    """
    environment = {
        "MINIKUBE_HOME": str(home),
        "KUBECONFIG": str(kubeconfig),
        # Minikube translates its messages, which the modules read. LANGUAGE comes first for it.
        "LANGUAGE": "en_US",
        "LC_ALL": "C",
        "MINIKUBE_IN_STYLE": "false",
        "MINIKUBE_WANTUPDATENOTIFICATION": "false",
    }
    if desired:
        environment["MINIKUBE_PRELOAD"] = str(desired.preload).lower()
        environment["MINIKUBE_CACHE_IMAGES"] = str(desired.cache_images).lower()
    if desired and desired.force:
        environment["MINIKUBE_FORCE"] = "true"
    return environment
