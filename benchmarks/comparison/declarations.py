"""Applications that every part of the comparison declares."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.kube.validation import ValidationErrors
from ansible_collections.slipway.lab.plugins.module_utils.workload.parse.app import parse_app
from ansible_collections.slipway.lab.plugins.module_utils.workload.render.app import render_app

IMAGE = "registry.k8s.io/e2e-test-images/agnhost:2.59"
SERVE = ["/agnhost", "netexec", "--http-port=8080"]
NAMESPACE = "slipway-bench"


def app(name: str, replicas: int, image: str = IMAGE) -> dict:
    """Return an application in short form."""
    return {
        "name": name,
        "image": image,
        "command": SERVE,
        "replicas": replicas,
        "ports": ["80:8080"],
    }


def apps(count: int) -> list[dict]:
    """Return applications without pods."""
    return [app(f"app{number}", 0) for number in range(count)]


def manifests_of(options: dict) -> list[dict]:
    """Return an application as manifests, rendered by Slipway so that all tools apply the same."""
    errors = ValidationErrors()
    spec = parse_app({**options, "namespace": NAMESPACE}, errors, "app")
    errors.stop()
    return render_app(spec)
