"""The record of a student of a class, stored on the cluster, where the teacher reads it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ansible_collections.slipway.lab.plugins.plugin_utils.classroom.students import (
    accounts_namespace,
    student_namespace,
)
from ansible_collections.slipway.lab.plugins.plugin_utils.practice.api import Api, ApiError
from ansible_collections.slipway.lab.plugins.plugin_utils.practice.record import Record
from ansible_collections.slipway.lab.plugins.plugin_utils.practice.scene import Scene

SECONDS = 5


def place(class_name: str, namespace: str) -> tuple[str, str]:
    """Return namespace and name of the ConfigMap that playbooks/lessons/class/objects.yml.j2 makes for a student.

    Args:
        class_name: Name of the class.
        namespace: Namespace of the student.
    """
    student = namespace.removeprefix(student_namespace(class_name, ""))
    return accounts_namespace(class_name), f"record-{student}"


def publish(scene: Scene, record: Record) -> str:
    """Store the record on the cluster; return why it could not be stored.

    Args:
        scene: The scene of the student.
        record: The record of the lesson.
    """
    patch = {"data": {record.path.stem: record.text()}}
    accounts, name = place(scene.class_name, scene.namespace)
    if api := Api.load(scene.environment["KUBECONFIG"]):
        path = f"/api/v1/namespaces/{accounts}/configmaps/{name}"
        try:
            api.request("PATCH", path, SECONDS, patch, "application/merge-patch+json")
        except ApiError as problem:
            return str(problem)
        return ""
    words = ["patch", "configmap", name, "--type=merge", "--patch", json.dumps(patch)]
    words += ["--namespace", accounts, f"--request-timeout={SECONDS}s"]
    answer = scene.kubectl(words, SECONDS + 1)
    return answer.error.strip() if answer.code else ""


def published(configmap: Mapping[str, Any]) -> dict[str, Record]:
    """Return the records by lesson. What is not a record is left out: the student can write there.

    Args:
        configmap: The object.
    """
    records = {}
    for lesson, text in (configmap.get("data") or {}).items():
        try:
            records[lesson] = Record.parse(Path(lesson), text)
        except ValueError:
            continue
    return records
