"""Compare the declared settings of a profile with the observed ones."""

from __future__ import annotations

import re
from typing import Any

from ansible_collections.slipway.lab.plugins.module_utils.minikube.actions import Change
from ansible_collections.slipway.lab.plugins.module_utils.minikube.engine import (
    CONTAINER_DRIVERS,
    INTERNAL_PORTS,
)
from ansible_collections.slipway.lab.plugins.module_utils.minikube.observed import Observed
from ansible_collections.slipway.lab.plugins.module_utils.minikube.port_forwards import PROTOCOLS
from ansible_collections.slipway.lab.plugins.module_utils.minikube.ports import (
    PublishedPort,
    port_texts,
)
from ansible_collections.slipway.lab.plugins.module_utils.minikube.sizes import UNLIMITED, size_mb
from ansible_collections.slipway.lab.plugins.module_utils.minikube.spec import (
    CNI_NAMES,
    Desired,
)


class SettingsComparison:
    """The declared settings that differ.

    ``minikube start`` applies some settings to an existing cluster (cmd/minikube/cmd/start_flags.go,
    updateExistingConfigFromFlags). The container fixes the others (pkg/drivers/kic/kic.go, Create).

    Attributes:
        immutable: Changes that need a re-creation of the profile.
        mutable: Changes that a start applies.
        base_image: A changed image of the nodes. Existing nodes take its images over, and new nodes are made from it.
        upgrade: A later version of Kubernetes, or a control plane that is behind the version of the profile.
        ports: Changed ports, which need no start.
        next_minor: The next version of an upgrade that skips one, as v1.34; empty otherwise.
    """

    def __init__(self, desired: Desired, seen: Observed):
        self.immutable: list[Change] = []
        self.mutable: list[Change] = []
        self.base_image: Change | None = None
        self.upgrade: Change | None = None
        self.ports: Change | None = None
        self.next_minor = ""
        self._desired = desired
        self._seen = seen

    def compare_drivers_and_images(self) -> None:
        """Compare the settings that every driver has."""
        desired, config, kubernetes = self._desired, self._seen.config, self._seen.kubernetes
        driver = {"qemu": "qemu2"}.get(desired.driver, desired.driver)
        self._fix("driver", driver, config.get("Driver"))
        self._fix(
            "container_runtime", desired.container_runtime, kubernetes.get("ContainerRuntime")
        )
        self.base_image = _difference("base_image", desired.base_image, config.get("KicBaseImage"))
        repository = kubernetes.get("ImageRepository") or ""
        self._fix("image_repository", desired.image_repository, repository)
        address = config.get("ListenAddress") or "127.0.0.1"
        self._fix("listen_address", desired.listen_address, address)
        insecure = _sorted(config.get("InsecureRegistry") or [])
        self._fix("insecure_registries", _sorted(desired.insecure_registries), insecure)
        mirrors = _sorted(config.get("RegistryMirror") or [])
        self._fix("registry_mirrors", _sorted(desired.registry_mirrors), mirrors)

    def compare_resources(self) -> None:
        """Compare processors, memory, disk and ports, as far as the driver has them."""
        desired, config = self._desired, self._seen.config
        if config.get("Driver") != "none":
            self._fix("cpus", parse_count(desired.cpus), config.get("CPUs"))
            self._fix("memory", parse_megabytes(desired.memory), config.get("Memory"))
        if config.get("Driver") not in (*CONTAINER_DRIVERS, "none"):
            self._fix("disk_size", parse_megabytes(desired.disk_size), config.get("DiskSize"))
        if self._seen.primary.container != "missing":
            self._compare_ports(published_ports(desired))

    def _compare_ports(self, wanted: set[PublishedPort] | None) -> None:
        """Compare the ports. Containers beside the control plane publish those that it does not have."""
        if wanted is None:
            return
        seen = self._seen
        added = wanted - seen.ports
        fitting = all(port[1] and port[2].endswith(PROTOCOLS) for port in added)
        fitting = fitting and seen.config.get("Driver") == "docker"
        change = _difference("ports", port_texts(wanted), port_texts(seen.ports | seen.forwards))
        if seen.ports - wanted or not fitting:
            self.immutable += [change] if change else []
        else:
            self.ports = change

    def compare_cni(self, digest: str) -> None:
        """Compare the pod network; a manifest by the digest of its content."""
        desired, seen = self._desired, self._seen
        found = seen.kubernetes.get("CNI") or "auto"
        if desired.cni is None or (desired.cni == "auto" and found == "kindnet"):
            return
        if not desired.cni_is_file or found in CNI_NAMES:
            self._fix("cni", desired.cni, found)
        elif seen.cni_digest and digest and seen.cni_digest != digest:
            before = f"{found} ({seen.cni_digest[:12]})"
            self._change("cni", f"{desired.cni} ({digest[:12]})", before)

    def compare_version(self) -> None:
        """Compare the version of Kubernetes; after a killed upgrade the control plane is behind the configuration."""
        found = self._seen.kubernetes.get("KubernetesVersion")
        wanted = self._desired.kubernetes_version or found
        self.next_minor = skipped_minor(found, wanted)
        if version_key(wanted) < version_key(found) or self.next_minor:
            self._fix("kubernetes_version", wanted, found)
            return
        primary = self._seen.primary
        before = primary.version if found == wanted and primary.registered else found
        self.upgrade = _difference("kubernetes_version", wanted, before)

    def compare_additions(self) -> None:
        """Compare the settings to which a declaration only adds."""
        desired, kubernetes = self._desired, self._seen.kubernetes
        extra = {
            f"{option['Component']}.{option['Key']}": option["Value"]
            for option in kubernetes.get("ExtraOptions") or []
        }
        if desired.extra_config and not desired.extra_config.items() <= extra.items():
            self._change("extra_config", {**extra, **desired.extra_config}, extra)
        addresses = kubernetes.get("APIServerIPs") or []
        if not set(desired.apiserver_ips) <= set(addresses):
            after = sorted({*desired.apiserver_ips, *addresses})
            self._change("apiserver_ips", after, sorted(addresses))

    @property
    def applied(self) -> list[Change]:
        """Return the changes that an existing cluster takes over."""
        return [*self.mutable, *filter(None, (self.base_image, self.upgrade, self.ports))]

    def _fix(self, option: str, wanted: Any, found: Any) -> None:
        change = _difference(option, wanted, found)
        self.immutable += [change] if change else []

    def _change(self, option: str, wanted: Any, found: Any) -> None:
        change = _difference(option, wanted, found)
        self.mutable += [change] if change else []


def compare_settings(desired: Desired, seen: Observed, cni_digest: str) -> SettingsComparison:
    """Return the declared settings that differ.

    Args:
        desired: Declared state, its Kubernetes version resolved to a full one.
        seen: Observed state of an existing profile.
        cni_digest: sha256 of the declared CNI manifest, empty when the CNI is not a file.
    """
    found = SettingsComparison(desired, seen)
    found.compare_drivers_and_images()
    found.compare_resources()
    found.compare_cni(cni_digest)
    found.compare_version()
    found.compare_additions()
    return found


def skipped_minor(found: str, wanted: str) -> str:
    """Return the minor version after ``found`` if an upgrade to ``wanted`` skips it, otherwise an empty text.

    The control plane is upgraded by one minor version at a time (https://kubernetes.io/releases/version-skew-policy/).
    """
    (major, minor, *_), (_, wanted_minor, *_) = version_key(found)[0], version_key(wanted)[0]
    return f"v{major}.{minor + 1}" if wanted_minor > minor + 1 else ""


def version_key(version: str) -> tuple:
    """Return a key that orders versions such as v1.35.1 and v1.35.0-rc.1 as semantic versioning does."""
    core, _dash, pre = version.removeprefix("v").partition("-")
    numbers = tuple(int(n) for n in core.split("."))
    # A release is after its pre-releases; numbers in a pre-release are compared as numbers.
    parts = (
        tuple((0, int(p), "") if p.isdigit() else (1, 0, p) for p in re.split(r"[.]", pre))
        if pre
        else ()
    )
    return (numbers, not pre, parts)


def published_ports(desired: Desired) -> set[PublishedPort] | None:
    """Return the declared ports without those that Minikube publishes itself, or None without a declaration."""
    if desired.ports is None:
        return None
    wanted = {port.published for port in desired.ports}
    return {port for port in wanted if port[1] or port[2] not in INTERNAL_PORTS}


def parse_count(value: str | None) -> int | None:
    """Return a number of processors; 0 without a limit, None for the number of the machine."""
    if value in (None, "max"):
        return None
    return 0 if value == UNLIMITED else int(value)


def parse_megabytes(value: str | None) -> int | None:
    """Return a size in megabytes; 0 without a limit, None for the size of the machine."""
    if value in (None, "max"):
        return None
    return 0 if value == UNLIMITED else size_mb(value)


def _difference(option: str, wanted: Any, found: Any) -> Change | None:
    return Change(option, found, wanted) if wanted is not None and wanted != found else None


def _sorted(values: list | None) -> list | None:
    return None if values is None else sorted(values)
