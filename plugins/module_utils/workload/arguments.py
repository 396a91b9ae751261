"""Options of an application in short form, for a task and for each entry of ``apps``."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.kube.kinds import APP_KINDS

_TEXT = {"type": "str"}
_NUMBER = {"type": "int"}
_MAPPING = {"type": "dict"}

PROBE = {
    "http": _TEXT,
    "port": {"type": "raw"},
    "scheme": {"type": "str", "choices": ["HTTP", "HTTPS"]},
    "tcp": {"type": "raw"},
    "grpc": _NUMBER,
    "exec": {"type": "list", "elements": "str"},
    "delay": _NUMBER,
    "period": _NUMBER,
    "timeout": _NUMBER,
    "failures": _NUMBER,
    "successes": _NUMBER,
}
_PROBE = {
    "type": "dict",
    "options": PROBE,
    "mutually_exclusive": [("http", "tcp", "grpc", "exec")],
    "required_one_of": [("http", "tcp", "grpc", "exec")],
}

_ACTIONS = ("exec", "http", "sleep")
HOOK = {
    "exec": {"type": "list", "elements": "str"},
    "http": _TEXT,
    "port": {"type": "raw"},
    "scheme": {"type": "str", "choices": ["HTTP", "HTTPS"]},
    "sleep": _NUMBER,
}
_HOOK = {
    "type": "dict",
    "options": HOOK,
    "mutually_exclusive": [_ACTIONS],
    "required_one_of": [_ACTIONS],
}

ENV_SOURCE = {
    "config_map": _TEXT,
    "secret": {**_TEXT, "no_log": False},  # the name of a Secret
    "prefix": _TEXT,
    "optional": {"type": "bool"},
}
_ENV_SOURCES = ("config_map", "secret")

# Options of every container: that of an application and each additional one.
CONTAINER_OPTIONS = {
    "image": _TEXT,
    "image_pull_policy": {"type": "str", "choices": ["Always", "IfNotPresent", "Never"]},
    "command": {"type": "list", "elements": "str"},
    "args": {"type": "list", "elements": "str"},
    "ports": {"type": "list", "elements": "raw"},
    "env": _MAPPING,
    "env_from": {
        "type": "list",
        "elements": "dict",
        "options": ENV_SOURCE,
        "mutually_exclusive": [_ENV_SOURCES],
        "required_one_of": [_ENV_SOURCES],
    },
    "probes": {
        "type": "dict",
        "options": {"readiness": _PROBE, "liveness": _PROBE, "startup": _PROBE},
    },
    "hooks": {"type": "dict", "options": {"post_start": _HOOK, "pre_stop": _HOOK}},
    "resources": {"type": "dict", "options": {"requests": _MAPPING, "limits": _MAPPING}},
    "security_context": _MAPPING,
}

MOUNT = {
    "volume": {"type": "str", "required": True},
    "path": {"type": "str", "required": True},
    "sub_path": _TEXT,
    "read_only": {"type": "bool"},
}
ADDITIONAL_CONTAINER = {
    "name": {"type": "str", "required": True},
    **CONTAINER_OPTIONS,
    "mounts": {"type": "list", "elements": "dict", "options": MOUNT},
}
INIT_CONTAINER = {**ADDITIONAL_CONTAINER, "sidecar": {"type": "bool"}}

VOLUME = {
    "name": {"type": "str", "required": True},
    "mount": _TEXT,
    "sub_path": _TEXT,
    "read_only": {"type": "bool"},
    "size": _TEXT,
    "storage_class": _TEXT,
    "access_mode": {
        "type": "str",
        "choices": ["ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod"],
    },
    "claim": _TEXT,
    "config_map": _TEXT,
    "secret": {**_TEXT, "no_log": False},  # the name of a Secret
    "host_path": _TEXT,
    "empty_dir": {"type": "bool"},
}
VOLUME_SOURCES = ("size", "claim", "config_map", "secret", "host_path", "empty_dir")

SERVE = {
    "path": _TEXT,
    "port": {"type": "raw"},
    "scheme": {"type": "str", "choices": ["http", "https", "tcp", "none"]},
    "status": {"type": "list", "elements": "int"},
    "url": _TEXT,
    "successes": _NUMBER,
}

APP_OPTIONS = {
    "name": _TEXT,
    "namespace": _TEXT,
    "kind": {"type": "str", "choices": list(APP_KINDS)},
    **CONTAINER_OPTIONS,
    "containers": {"type": "list", "elements": "dict", "options": ADDITIONAL_CONTAINER},
    "init_containers": {"type": "list", "elements": "dict", "options": INIT_CONTAINER},
    "image_pull_secrets": {"type": "list", "elements": "str", "no_log": False},
    "replicas": _NUMBER,
    "service_type": {
        "type": "str",
        "choices": ["ClusterIP", "NodePort", "LoadBalancer", "Headless", "none"],
    },
    "config": _MAPPING,
    "config_mount": _TEXT,
    "secrets": {"type": "dict", "no_log": True},
    "secrets_mount": {"type": "str", "no_log": False},
    "volumes": {
        "type": "list",
        "elements": "dict",
        "options": VOLUME,
        "mutually_exclusive": [VOLUME_SOURCES],
        "required_one_of": [VOLUME_SOURCES],
    },
    "ingress": {
        "type": "dict",
        "options": {
            "host": _TEXT,
            "path": {"type": "str", "default": "/"},
            "path_type": {
                "type": "str",
                "choices": ["Prefix", "Exact", "ImplementationSpecific"],
                "default": "Prefix",
            },
            "class_name": _TEXT,
            "tls_secret": {"type": "str", "no_log": False},
            "annotations": _MAPPING,
        },
    },
    "autoscale": {
        "type": "dict",
        "options": {
            "min": {"type": "int", "default": 1},
            "max": {"type": "int", "required": True},
            "cpu": _NUMBER,
            "memory": _NUMBER,
            "behavior": _MAPPING,
        },
        "required_one_of": [("cpu", "memory")],
    },
    "disruption_budget": {
        "type": "dict",
        "options": {"min_available": {"type": "raw"}, "max_unavailable": {"type": "raw"}},
        "mutually_exclusive": [("min_available", "max_unavailable")],
        "required_one_of": [("min_available", "max_unavailable")],
    },
    "update_strategy": {
        "type": "dict",
        "options": {
            "type": {"type": "str", "choices": ["RollingUpdate", "Recreate", "OnDelete"]},
            "max_surge": {"type": "raw"},
            "max_unavailable": {"type": "raw"},
            "partition": _NUMBER,
        },
    },
    "min_ready_seconds": _NUMBER,
    "progress_deadline": _NUMBER,
    "revision_history": _NUMBER,
    "termination_grace": _NUMBER,
    "affinity": _MAPPING,
    "spread": {"type": "list", "elements": "str"},
    "node_selector": _MAPPING,
    "tolerations": {"type": "list", "elements": "dict"},
    "service_account": _TEXT,
    "pod_security": {"type": "str", "choices": ["restricted", "none"]},
    "pod_security_context": _MAPPING,
    "priority_class": _TEXT,
    "labels": _MAPPING,
    "annotations": _MAPPING,
    "service_annotations": _MAPPING,
    "keep": {"type": "bool"},
    "schedule": _TEXT,
    "concurrency": {"type": "str", "choices": ["Allow", "Forbid", "Replace"]},
    "time_zone": _TEXT,
    "successful_history": _NUMBER,
    "failed_history": _NUMBER,
    "suspend": {"type": "bool"},
    "completions": _NUMBER,
    "parallelism": _NUMBER,
    "backoff_limit": _NUMBER,
    "active_deadline": _NUMBER,
    "restart_policy": {"type": "str", "choices": ["Never", "OnFailure"]},
    "ttl_after_finished": _NUMBER,
    "serve": {"type": "dict", "options": SERVE},
    "overlay": _MAPPING,
    "after": {"type": "list", "elements": "str"},
}
