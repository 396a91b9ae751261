"""Check the declaration before a change. Every check names the cause and the next step."""

from __future__ import annotations

import difflib
import errno
import platform
import re
import socket
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable

from ansible_collections.slipway.lab.plugins.module_utils.common.addresses import is_local_url
from ansible_collections.slipway.lab.plugins.module_utils.minikube.cli import MinikubeCli
from ansible_collections.slipway.lab.plugins.module_utils.minikube.engine import Engine
from ansible_collections.slipway.lab.plugins.module_utils.minikube.engine_images import ensure_image
from ansible_collections.slipway.lab.plugins.module_utils.minikube.errors import SpecError
from ansible_collections.slipway.lab.plugins.module_utils.minikube.ports import Port
from ansible_collections.slipway.lab.plugins.module_utils.minikube.settings import version_key
from ansible_collections.slipway.lab.plugins.module_utils.minikube.spec import Desired

RELEASES = "https://dl.k8s.io/release"
GITHUB_RELEASES = "https://api.github.com/repos/kubernetes/kubernetes/releases/tags"
PROBE_SECONDS = 5
ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}


def resolve_version(cli: MinikubeCli, desired: Desired) -> str | None:
    """Return the declared Kubernetes version in full, or None when none is declared.

    Versions that this Minikube includes need no network. Any other must be in the binary mirror (or, without
    one, in the official releases), because Minikube would notice only after it has made the node.

    Raises:
        SpecError: there is no such version.
    """
    wanted = desired.kubernetes_version
    if wanted is None:
        return None
    known = cli.query("config", "defaults", "kubernetes-version") or []
    stable = [v for v in known if "-" not in v]
    if wanted in ("stable", "latest"):
        return stable[0]
    if wanted.count(".") == 1:
        patches = [v for v in stable if v.startswith(wanted + ".")]
        if patches:
            return patches[0]
    elif wanted in known or _is_served(desired.binary_mirror or RELEASES, wanted):
        _check_not_too_new(desired, stable)
        return wanted
    near = difflib.get_close_matches(wanted, stable, 3, 0.5)
    raise SpecError(
        f"kubernetes_version: {wanted} is unknown to this Minikube"
        + (
            f" and not served by {desired.binary_mirror or RELEASES}"
            if wanted.count(".") > 1
            else ""
        )
        + f"; it includes {min(stable, key=version_key)} to {max(stable, key=version_key)}"
        + (f", similar: {', '.join(near)}" if near else "")
    )


def _check_not_too_new(desired: Desired, known: list[str]) -> None:
    """Make sure that Minikube accepts a version that is newer than those that it includes.

    It looks for such a version on GitHub (cmd/minikube/cmd/start.go, validateKubernetesVersion), except with --force.

    Raises:
        SpecError: GitHub does not answer.
    """
    newest = max(known, key=version_key, default="")
    wanted = desired.kubernetes_version
    if desired.force or not newest or version_key(wanted) <= version_key(newest):
        return
    if not _fetch(f"{GITHUB_RELEASES}/{wanted}"):
        raise SpecError(
            f"kubernetes_version: this Minikube includes versions up to {newest}, and accepts {wanted} only after it "
            "has found it on GitHub, which does not answer. Use a newer Minikube, or an older version of Kubernetes"
        )


def check_addons(cli: MinikubeCli, desired: Desired) -> None:
    """Make sure that the declared addons exist.

    Raises:
        SpecError: one does not.
    """
    if not desired.addons:
        return
    known = sorted(cli.query("addons", "list") or [])
    for name in desired.addons:
        if known and name not in known:
            near = difflib.get_close_matches(name, known, 3)
            hint = (
                f"did you mean {' or '.join(near)}?" if near else f"available: {', '.join(known)}"
            )
            raise SpecError(f"addons: {name!r} is not an addon of this Minikube; {hint}")


def check_ports_free(ports: Iterable[Port]) -> None:
    """Make sure that the host ports of what is to be published are free.

    Raises:
        SpecError: one is taken, or its address is not of this host.
    """
    for port in ports:
        if port.host_port is None or port.protocol == "sctp":
            continue
        kind = socket.SOCK_DGRAM if port.protocol == "udp" else socket.SOCK_STREAM
        family = socket.AF_INET6 if ":" in port.ip else socket.AF_INET
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((port.ip or "0.0.0.0", port.host_port))
            except OSError as error:
                if error.errno == errno.EADDRINUSE:
                    raise SpecError(
                        f"ports: {port}: the host port {port.host_port} is in use; find its owner with "
                        f"'ss -ltnup sport = :{port.host_port}', or declare another"
                    ) from error
                if error.errno == errno.EADDRNOTAVAIL:
                    raise SpecError(
                        f"ports: {port}: {port.ip} is not an address of this host"
                    ) from error


def _is_served(base: str, version: str) -> bool:
    machine = ARCHITECTURES.get(platform.machine(), platform.machine())
    checksum = _fetch(f"{base}/{version}/bin/linux/{machine}/kubelet.sha256")
    return re.match(rb"^[0-9a-f]{64}\b", checksum) is not None


def _fetch(url: str) -> bytes:
    """Return the beginning of what a server answers, nothing when it refuses or does not answer."""
    # A proxy does not reach a mirror on a private network.
    direct = [urllib.request.ProxyHandler({})] if is_local_url(url) else []
    opener = urllib.request.build_opener(*direct)
    try:
        with opener.open(url, timeout=PROBE_SECONDS) as answer:
            return answer.read(128)
    except (urllib.error.URLError, OSError, ValueError):
        return b""


def prepare_creation(
    desired: Desired, engine: Engine | None, replaces: bool, report: Callable[[str], None]
) -> None:
    """Find obstacles of a creation before the old cluster is deleted for it.

    Args:
        desired: The declared state.
        engine: The container engine, or None for drivers without one.
        replaces: Whether an old cluster uses the ports now.
        report: Receives progress.

    Raises:
        SpecError: A host port is in use.
        EngineError: The image of the nodes cannot be pulled.
    """
    if not replaces:
        check_ports_free(desired.ports or ())
    if desired.base_image and engine:
        ensure_image(engine, desired.base_image, report)
