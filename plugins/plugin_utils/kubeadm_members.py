"""Read the members of a cluster of kubeadm, and decide what forbids a restore of its etcd."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


def parse_members(lines: Iterable[str]) -> dict[str, Any]:
    """Return what the script ``members`` printed.

    Returns:
        The names of etcd's ``members``, and ``error``, the reason why etcd does not answer.
    """
    found: dict[str, Any] = {"members": [], "error": ""}
    for line in lines:
        kind, _, value = line.partition("=")
        if kind == "member":
            found["members"].append(value.split()[-1])
        elif kind == "error":
            found["error"] = value
    return found


def restore_problem(
    answers: Mapping[str, Mapping[str, Any]], about: Mapping[str, Any], version: str, working: bool
) -> str:
    """Return what forbids the restore of a snapshot of etcd.

    Args:
        answers: The control planes that answer: ``ca`` (the hash of their authority) and ``lines`` of the script
            ``members``.
        about: The description of the snapshot.
        version: The declared version of Kubernetes.
        working: Whether an etcd that works may be replaced.
    """
    if not answers:
        return (
            "No host of kube_control_plane answers and is a control plane of this cluster. Start the hosts. A cluster "
            "whose control planes are all lost cannot be restored yet."
        )
    others = [name for name, one in answers.items() if one["ca"] != about["ca"]]
    if others:
        return (
            f"The snapshot belongs to another cluster than {', '.join(others)}: their authorities differ. "
            "Choose a snapshot of this cluster."
        )
    if about["kubernetes"] != version:
        return (
            f"The snapshot has Kubernetes {about['kubernetes']}, and kubernetes_version is {version}. "
            "Choose a newer snapshot."
        )
    working_on = [name for name, one in answers.items() if not parse_members(one["lines"])["error"]]
    if working_on and not working:
        return (
            f"etcd works ({', '.join(working_on)}). A restore would lose everything that was written after "
            f"{about['time']}. If this is intended, repeat it with --working (ansible-playbook: "
            "-e etcd_restore_working=true)."
        )
    return ""
