"""Parse the options of the module into a declared state."""

from __future__ import annotations

import os
import re

from ansible_collections.slipway.lab.plugins.module_utils.minikube.errors import SpecError
from ansible_collections.slipway.lab.plugins.module_utils.minikube.ports import (
    parse_address,
    parse_port,
)
from ansible_collections.slipway.lab.plugins.module_utils.minikube.spec import (
    CNI_NAMES,
    Addon,
    Desired,
)
from ansible_collections.slipway.lab.plugins.module_utils.minikube.spec_check import check_spec

EXTRA_CONFIG_COMPONENTS = (
    "kubelet", "kubeadm", "apiserver", "controller-manager", "etcd", "proxy", "scheduler",
)  # fmt: skip
TAINT_EFFECTS = ("NoSchedule", "PreferNoSchedule", "NoExecute")


def parse_spec(params: dict, uid: int) -> Desired:
    """Return the declared state of module parameters.

    Args:
        params: Options of the module, already of the right type.
        uid: User id that minikube runs as.

    Raises:
        SpecError: A value is wrong.
    """
    spec = Desired(
        profile=params["profile"],
        state=params["state"],
        driver=params["driver"],
        container_runtime={"cri-o": "crio"}.get(
            params["container_runtime"], params["container_runtime"]
        ),
        kubernetes_version=_version(params["kubernetes_version"]),
        nodes=params["nodes"],
        cpus=params["cpus"],
        memory=params["memory"],
        disk_size=params["disk_size"],
        addons={name: _addon(name, value) for name, value in (params["addons"] or {}).items()},
        cni=_cni(params["cni"]),
        extra_config=_extra_config(params["extra_config"] or {}),
        node_labels=_labels(params["node_labels"] or {}),
        node_taints=_taints(params["node_taints"] or {}),
        listen_address=params["listen_address"],
        ports=None if params["ports"] is None else [parse_port(p) for p in params["ports"]],
        apiserver_ips=[parse_address("apiserver_ips", a) for a in params["apiserver_ips"] or []],
        base_image=params["base_image"],
        binary_mirror=(params["binary_mirror"] or "").rstrip("/") or None,
        image_repository=params["image_repository"],
        insecure_registries=params["insecure_registries"],
        registry_mirrors=params["registry_mirrors"],
        force=params["force"],
        install_addons=params["install_addons"],
        preload=params["preload"],
        cache_images=params["cache_images"],
        wait=params["wait"],
        recreate=params["recreate"],
        keep_context=params["keep_context"],
    )
    check_spec(spec, uid)
    return spec


def _version(text: str | None) -> str | None:
    if not text or text in ("stable", "latest"):
        return text or None
    bare = text.removeprefix("v")
    if not re.match(r"^\d+\.\d+(\.\d+(-[0-9A-Za-z.]+)?)?$", bare):
        raise SpecError(
            f"kubernetes_version: {text!r} is not valid; use a version such as v1.35.1, 1.35, stable or latest"
        )
    return f"v{bare}"


def _cni(value: str | None) -> str | None:
    if value is None or value in CNI_NAMES:
        return value
    path = os.path.expanduser(value)
    if "/" not in value:
        raise SpecError(
            f"cni: {value!r} is not valid; use {', '.join(CNI_NAMES)} or the path of a manifest file"
        )
    if not os.access(path, os.R_OK):
        raise SpecError(
            f"cni: the manifest {path} cannot be read on this host; copy it there first"
        )
    return path


def _addon(name: str, value: object) -> Addon:
    if isinstance(value, bool):
        return Addon(value)
    if not isinstance(value, dict) or set(value) - {"enabled", "images", "registries"}:
        raise SpecError(
            f"addons.{name}: use true, false, or a mapping with enabled, images and registries"
        )
    enabled = value.get("enabled", True)
    overrides = {key: value.get(key) or {} for key in ("images", "registries")}
    if not isinstance(enabled, bool) or not all(isinstance(o, dict) for o in overrides.values()):
        raise SpecError(
            f"addons.{name}: enabled is true or false; images and registries are mappings"
        )
    return Addon(enabled, **{k: {n: str(v) for n, v in o.items()} for k, o in overrides.items()})


def _extra_config(values: dict) -> dict[str, str]:
    for key in values:
        component, _dot, name = str(key).partition(".")
        if component not in EXTRA_CONFIG_COMPONENTS or not name:
            raise SpecError(
                f"extra_config: {key!r} is not valid; write COMPONENT.KEY with one of the components "
                + ", ".join(EXTRA_CONFIG_COMPONENTS)
            )
    return {str(k): _scalar(v) for k, v in values.items()}


def _scalar(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _labels(values: dict) -> dict[str, dict[str, str | None]]:
    for node, labels in values.items():
        if not isinstance(labels, dict):
            raise SpecError(
                f"node_labels.{node}: use a mapping of label to value (null removes the label)"
            )
    return {
        n: {k: None if v is None else _scalar(v) for k, v in ls.items()} for n, ls in values.items()
    }


def _taints(values: dict) -> dict[str, list[dict[str, str]]]:
    result = {}
    for node, taints in values.items():
        if not isinstance(taints, list):
            raise SpecError(
                f"node_taints.{node}: use a list of mappings with key, value and effect"
            )
        for taint in taints:
            if (
                not isinstance(taint, dict)
                or set(taint) - {"key", "value", "effect"}
                or not taint.get("key")
            ):
                raise SpecError(f"node_taints.{node}: a taint has key, effect and optionally value")
            if taint.get("effect") not in TAINT_EFFECTS:
                raise SpecError(
                    f"node_taints.{node}: the effect of {taint['key']} is one of {', '.join(TAINT_EFFECTS)}"
                )
        result[node] = [
            {k: _scalar(t[k]) for k in ("key", "value", "effect") if t.get(k) not in (None, "")}
            for t in taints
        ]
    return result
