"""The declared state of a Minikube profile, with every value in one normal form."""

from __future__ import annotations

from dataclasses import dataclass, field

from ansible_collections.slipway.lab.plugins.module_utils.minikube.ports import Port

CNI_NAMES = ("auto", "bridge", "calico", "cilium", "flannel", "kindnet", "false")
DEFAULT_ADDONS = ("default-storageclass", "storage-provisioner")


@dataclass
class Addon:
    """A declared addon; the overrides are by Minikube's image name, for example ``MetricsServer``."""

    enabled: bool
    images: dict[str, str] = field(default_factory=dict)
    registries: dict[str, str] = field(default_factory=dict)


@dataclass
class Desired:
    """The declared state of a profile. None means that the option is not declared, and not compared."""

    profile: str
    state: str = "started"
    driver: str | None = "docker"
    container_runtime: str | None = None
    kubernetes_version: str | None = None
    nodes: int | None = None
    cpus: str | None = None
    memory: str | None = None
    disk_size: str | None = None
    addons: dict[str, Addon] = field(default_factory=dict)
    cni: str | None = None
    extra_config: dict[str, str] = field(default_factory=dict)
    node_labels: dict[str, dict[str, str | None]] = field(default_factory=dict)
    node_taints: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    listen_address: str | None = None
    ports: list[Port] | None = None
    apiserver_ips: list[str] = field(default_factory=list)
    base_image: str | None = None
    binary_mirror: str | None = None
    image_repository: str | None = None
    insecure_registries: list[str] | None = None
    registry_mirrors: list[str] | None = None
    force: bool = False
    install_addons: bool = True
    preload: bool = True
    cache_images: bool = True
    wait: list[str] = field(default_factory=list)
    recreate: bool = False
    keep_context: bool = False

    @property
    def has_fixed_ports(self) -> bool:
        """Return whether a host port is fixed, so that only one node can have the published ports."""
        return any(p.host_port is not None for p in self.ports or [])

    @property
    def cni_is_file(self) -> bool:
        """Return whether the CNI is a manifest file of the user."""
        return bool(self.cni) and self.cni not in CNI_NAMES

    def wanted_addons(self) -> dict[str, Addon]:
        """Return the declared addons, and with ``install_addons`` the ones that Minikube itself enables."""
        defaults = {name: Addon(True) for name in DEFAULT_ADDONS} if self.install_addons else {}
        return {**defaults, **self.addons}
