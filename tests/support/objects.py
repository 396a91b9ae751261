"""Objects as an API server returns them."""

from __future__ import annotations


def deployment(name: str = "web", replicas: int = 1, **spec) -> dict:
    """Return a Deployment that is rolled out."""
    labels = {"app.kubernetes.io/name": name}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {
            "name": name,
            "namespace": "default",
            "uid": f"{name}-uid",
            "generation": 1,
            "labels": labels,
        },
        "spec": {
            "replicas": replicas,
            "selector": {"matchLabels": labels},
            "template": {
                "metadata": {"labels": labels},
                "spec": {"containers": [{"name": name, "image": f"{name}:1"}]},
            },
            **spec,
        },
        "status": {
            "observedGeneration": 1,
            "replicas": replicas,
            "updatedReplicas": replicas,
            "readyReplicas": replicas,
            "availableReplicas": replicas,
        },
    }


def pod(name: str = "web-1", ready: bool = True, **metadata) -> dict:
    """Return a running pod of the Deployment ``web``."""
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": name,
            "namespace": "default",
            "uid": f"{name}-uid",
            "labels": {"app.kubernetes.io/name": "web"},
            **metadata,
        },
        "spec": {"containers": [{"name": "web"}], "nodeName": "n1"},
        "status": {
            "phase": "Running",
            "podIP": "10.0.0.1",
            "conditions": [{"type": "Ready", "status": str(ready)}],
            "containerStatuses": [
                {
                    "name": "web",
                    "image": "web:1",
                    "ready": ready,
                    "restartCount": 2,
                    "state": {"running": {}},
                }
            ],
        },
    }


def claim_of(app: str, name: str, size: str = "1Gi", volume: str = "pv", **metadata) -> dict:
    """Return a claim with a volume that the StatefulSet of an application uses."""
    labels = {"app": app}
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": {"name": name, "namespace": "default", "labels": labels, **metadata},
        "spec": {**_claim_spec(size), "volumeName": volume},
    }


def _claim_spec(size: str) -> dict:
    return {
        "accessModes": ["ReadWriteOnce"],
        "storageClassName": "fast",
        "resources": {"requests": {"storage": size}},
    }


def database(**sizes: str) -> dict:
    """Return the StatefulSet ``db`` with templates of claims, by name and size."""
    labels = {"app": "db"}
    return {
        "apiVersion": "apps/v1",
        "kind": "StatefulSet",
        "metadata": {"name": "db", "namespace": "default"},
        "spec": {
            "replicas": 1,
            "serviceName": "db",
            "selector": {"matchLabels": labels},
            "template": {
                "metadata": {"labels": labels},
                "spec": {"containers": [{"name": "db", "image": "db:1"}]},
            },
            "volumeClaimTemplates": [
                {"metadata": {"name": name}, "spec": _claim_spec(size)}
                for name, size in sizes.items()
            ],
        },
    }


def definition(group: str, kind: str, **metadata) -> dict:
    """Return the CustomResourceDefinition of a kind with namespaces and any fields."""
    plural = f"{kind.lower()}s"
    schema = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
    version = {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{plural}.{group}", **metadata},
        "spec": {
            "group": group,
            "scope": "Namespaced",
            "names": {"kind": kind, "plural": plural, "singular": kind.lower()},
            "versions": [version],
        },
    }
