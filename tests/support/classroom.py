"""A class as the cluster has it: namespaces, accounts, records and tokens."""

import base64
import json
import time

from ansible_collections.slipway.lab.plugins.plugin_utils.classroom.students import (
    LABEL,
    PORT_LABEL,
    STUDENT_LABEL,
)

ADMIN = {
    "current-context": "lab",
    "contexts": [{"name": "lab", "context": {"cluster": "c", "user": "admin"}}],
    "clusters": [
        {"name": "other", "cluster": {"server": "https://192.0.2.1:6443"}},
        {
            "name": "c",
            "cluster": {
                "server": "https://10.0.0.11:8443",
                "certificate-authority-data": "Q0E=",
                "extensions": [],
            },
        },
    ],
    "users": [{"name": "admin", "user": {"client-key-data": "secret"}}],
}


def namespace(name, **labels):
    """Return a namespace."""
    created = "2026-01-01T00:00:00Z"
    return {"metadata": {"name": name, "labels": labels, "creationTimestamp": created}}


def class_namespaces(name="math", ports=(30000, 30001)):
    """Return the namespaces of a class."""
    found = [namespace(f"class-{name}", **{LABEL: name})]
    for number, port in enumerate(ports, 1):
        student = f"student-{number:02}"
        labels = {LABEL: name, STUDENT_LABEL: student, PORT_LABEL: str(port)}
        found.append(namespace(f"class-{name}-{student}", **labels))
    return found


def token(uid="u1", seconds=7 * 24 * 3600):
    """Return a token that ends in a while."""
    content = {"exp": time.time() + seconds, "kubernetes.io": {"serviceaccount": {"uid": uid}}}
    part = base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")
    return f"header.{part}.signature"


def record(student="student-01", lesson="demo", **tasks):
    """Return the published record of a student."""
    text = json.dumps({"current": next(iter(tasks), ""), "tasks": tasks})
    return {"metadata": {"name": f"record-{student}"}, "data": {lesson: text}}
