"""An application in short form, after validation."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class PortSpec:
    """A port of a container and of the Service in front of it."""

    name: str
    port: int
    target: int
    protocol: str
    node_port: int | None = None


@dataclass(frozen=True)
class ContainerSpec:
    """A container: that of the application, or an additional one.

    Args:
        mounts: The mounts, each with ``volume``, ``path``, ``sub_path`` and ``read_only``.
        sidecar: Whether an init container keeps running.
    """

    name: str
    image: str
    image_pull_policy: str | None = None
    command: list[str] | None = None
    args: list[str] | None = None
    ports: list[PortSpec] = field(default_factory=list)
    env: dict[str, Any] = field(default_factory=dict)
    env_from: list[dict] = field(default_factory=list)
    mounts: list[dict] = field(default_factory=list)
    probes: dict[str, dict] = field(default_factory=dict)
    hooks: dict[str, dict] = field(default_factory=dict)
    resources: dict[str, dict] = field(default_factory=dict)
    security_context: dict | None = None
    sidecar: bool = False


@dataclass(frozen=True)
class StrategySpec:
    """The way in which a controller replaces pods."""

    type: str
    max_surge: int | str | None = None
    max_unavailable: int | str | None = None
    partition: int | None = None


@dataclass(frozen=True)
class AutoscaleSpec:
    """Bounds and targets (in percent) of a HorizontalPodAutoscaler."""

    min: int
    max: int
    cpu: int | None = None
    memory: int | None = None
    behavior: dict | None = None


@dataclass(frozen=True)
class AppSpec:
    """An application whose options are complete and valid.

    ``parse.app.parse_app`` creates it. The renderers read it and never validate. A field has the
    name of its option; an option that was not given is None or empty.

    Args:
        main: The container whose options are those of the application.
        ports: The ports of the Service, which are those of all containers.
    """

    name: str
    namespace: str
    kind: str
    service_type: str
    main: ContainerSpec
    containers: list[ContainerSpec] = field(default_factory=list)
    init_containers: list[ContainerSpec] = field(default_factory=list)
    ports: list[PortSpec] = field(default_factory=list)
    image_pull_secrets: list[str] = field(default_factory=list)
    replicas: int | None = None
    config: dict[str, Any] | None = None
    config_mount: str | None = None
    secrets: dict[str, Any] | None = None
    secrets_mount: str | None = None
    volumes: list[dict] = field(default_factory=list)
    ingress: dict | None = None
    autoscale: AutoscaleSpec | None = None
    disruption_budget: dict | None = None
    update_strategy: StrategySpec | None = None
    min_ready_seconds: int | None = None
    progress_deadline: int | None = None
    revision_history: int | None = None
    termination_grace: int | None = None
    affinity: dict | None = None
    spread: list[str] = field(default_factory=list)
    node_selector: dict | None = None
    tolerations: list[dict] | None = None
    service_account: str | None = None
    pod_security: str | None = None
    pod_security_context: dict | None = None
    priority_class: str | None = None
    labels: dict[str, str] = field(default_factory=dict)
    annotations: dict[str, str] = field(default_factory=dict)
    service_annotations: dict[str, str] = field(default_factory=dict)
    keep: bool = False
    schedule: str | None = None
    concurrency: str | None = None
    time_zone: str | None = None
    successful_history: int | None = None
    failed_history: int | None = None
    suspend: bool | None = None
    completions: int | None = None
    parallelism: int | None = None
    backoff_limit: int | None = None
    active_deadline: int | None = None
    restart_policy: str | None = None
    ttl_after_finished: int | None = None
    serve: dict | None = None
    overlay: dict[str, dict] = field(default_factory=dict)
    after: list[str] = field(default_factory=list)

    @property
    def all_containers(self) -> list[ContainerSpec]:
        """Return all containers of the pod, that of the application first."""
        return [self.main, *self.containers, *self.init_containers]
