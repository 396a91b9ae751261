"""The students of a class: their namespaces and node ports."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

# On the namespaces of a class, and on the objects in them that are not the student's.
LABEL = "slipway.lab/class"
STUDENT_LABEL = "slipway.lab/student"
PORT_LABEL = "slipway.lab/node-port"
# Part of names of namespaces, files and labs of students.
NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,18}[a-z0-9])?")


class ClassError(ValueError):
    """The class cannot be made as asked for."""


def accounts_namespace(name: str) -> str:
    """Return the namespace with the accounts of a class, in which students have no rights."""
    return f"class-{name}"


def student_namespace(name: str, student: str) -> str:
    """Return the namespace of a student."""
    return f"{accounts_namespace(name)}-{student}"


def plan_students(
    namespaces: Iterable[Mapping[str, Any]], name: str, number: int, ports: Sequence[int]
) -> list[dict[str, Any]]:
    """Return the students of a class: those that it has, and new ones up to a number.

    A student keeps the node port.

    Args:
        namespaces: All namespaces of the cluster.
        name: Name of the class.
        number: How many students it should have at least.
        ports: Node ports that classes may use.

    Raises:
        ClassError: The name is not allowed, a namespace belongs to something else, or there are too few node ports.
    """
    if not NAME.fullmatch(name):
        raise ClassError(
            f"{name!r} is not a valid name of a class: "
            "use at most 20 small letters, digits and '-', and no '-' at the ends"
        )
    labels = {one["metadata"]["name"]: one["metadata"].get("labels") or {} for one in namespaces}
    found = students_of(namespaces, name)
    names = [one["student"] for one in found]
    missing = [
        one for one in (f"student-{at:02}" for at in range(1, number + 1)) if one not in names
    ]
    wanted = [accounts_namespace(name), *(student_namespace(name, one) for one in missing)]
    for namespace in wanted:
        if namespace in labels and labels[namespace].get(LABEL) != name:
            raise ClassError(
                f"namespace {namespace} exists and has no label {LABEL}={name}; it stays as it is, "
                "so choose another name"
            )
    used = {int(one[PORT_LABEL]) for one in labels.values() if one.get(PORT_LABEL, "").isdigit()}
    free = [port for port in ports if port not in used]
    if len(missing) > len(free):
        raise ClassError(
            f"{len(missing)} more students need a node port each, and {len(free)} of {len(ports)} are free; "
            "delete a class that has ended"
        )
    new = zip(missing, free, strict=False)
    return found + [_student(name, student, port) for student, port in new]


def students_of(namespaces: Iterable[Mapping[str, Any]], name: str) -> list[dict[str, Any]]:
    """Return the students that a class has, in order.

    Args:
        namespaces: All namespaces of the cluster, or those of the class.
        name: Name of the class.
    """
    found = []
    for one in namespaces:
        labels = one["metadata"].get("labels") or {}
        if labels.get(LABEL) == name and STUDENT_LABEL in labels:
            found.append(_student(name, labels[STUDENT_LABEL], int(labels[PORT_LABEL])))
    return sorted(found, key=lambda one: str(one["student"]))


def classes(namespaces: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the classes of a lab with the number of their students.

    Args:
        namespaces: All namespaces of the cluster, or those with the label.
    """
    found: dict[str, dict[str, Any]] = {}
    for one in namespaces:
        labels = one["metadata"].get("labels") or {}
        if name := labels.get(LABEL):
            row = found.setdefault(name, {"class": name, "students": 0, "created": ""})
            row["students"] += STUDENT_LABEL in labels
            created = str(one["metadata"].get("creationTimestamp") or "")
            row["created"] = min(filter(None, (row["created"], created)), default="")
    return [found[name] for name in sorted(found)]


def _student(name: str, student: str, port: int) -> dict[str, Any]:
    return {
        "student": student,
        "namespace": student_namespace(name, student),
        "node_port": port,
    }
