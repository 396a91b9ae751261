"""The credentials of a student: a kubeconfig with a token that expires."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

# A token that ends within this time is replaced.
RENEW_SECONDS = 24 * 3600
# Format of the file that a student gets.
FORMAT = "slipway-class 1"


def claims(token: str) -> dict[str, Any]:
    """Return the claims of a token of Kubernetes: its end, and its account. An unreadable one has none."""
    try:
        part = token.split(".")[1]
        content = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (IndexError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def is_current(token: str, uid: str, now: float) -> bool:
    """Return whether a token still works for some time.

    Args:
        token: The token.
        uid: Uid of the account. An account that was created again needs another token.
        now: The time in seconds since 1970.
    """
    said = claims(token)
    account = said.get("kubernetes.io", {}).get("serviceaccount", {}).get("uid")
    return account == uid and float(said.get("exp", 0)) > now + RENEW_SECONDS


def student_kubeconfig(
    admin: Mapping[str, Any], token: str, class_name: str, student: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the kubeconfig of a student.

    Args:
        admin: The kubeconfig of the lab, with one cluster in its current context.
        token: The student's token.
        class_name: Name of the class.
        student: The student, as :func:`students.plan_students` returns it.
    """
    contexts = {one["name"]: one["context"] for one in admin["contexts"]}
    wanted = contexts[admin["current-context"]]["cluster"]
    cluster = next(one["cluster"] for one in admin["clusters"] if one["name"] == wanted)
    kept = ("server", "certificate-authority-data", "tls-server-name")
    user, lab = str(student["student"]), f"class-{class_name}"
    context = {"cluster": lab, "user": user, "namespace": student["namespace"]}
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [
            {"name": lab, "cluster": {key: cluster[key] for key in kept if key in cluster}}
        ],
        "users": [{"name": user, "user": {"token": token}}],
        "contexts": [{"name": lab, "context": context}],
        "current-context": lab,
    }


def unserved(
    students: Iterable[Mapping[str, Any]],
    folder: Path,
    accounts: Iterable[Mapping[str, Any]],
    now: float,
) -> list[Mapping[str, Any]]:
    """Return the students whose file is missing, or has no token that still works.

    Args:
        students: The students.
        folder: Directory of their files.
        accounts: Their ServiceAccounts.
        now: The time in seconds since 1970.
    """
    uids = {one["metadata"]["name"]: str(one["metadata"]["uid"]) for one in accounts}
    return [
        one
        for one in students
        if not is_current(
            token_of(read_file(student_file(folder, one)).get("kubeconfig")),
            uids.get(one["student"], ""),
            now,
        )
    ]


def read_file(path: Path) -> dict[str, Any]:
    """Return the content of the file of a student; empty when it is missing or something else."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    is_ours = isinstance(content, dict) and content.get("format") == FORMAT
    return content if is_ours else {}


def student_file(folder: Path, student: Mapping[str, Any]) -> Path:
    """Return the path of the file that a student gets."""
    return folder / f"{student['student']}.json"


def file_content(
    student: Mapping[str, Any], kubeconfig: Mapping[str, Any], common: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the content of the file that a student gets.

    Args:
        student: The student.
        kubeconfig: The student's kubeconfig.
        common: What is the same for all students of the class.
    """
    expires = claims(token_of(kubeconfig)).get("exp", 0)
    return {"format": FORMAT, **common, **student, "expires": expires, "kubeconfig": kubeconfig}


def token_of(kubeconfig: Mapping[str, Any] | None) -> str:
    """Return the token of a student's kubeconfig; empty without one."""
    users = (kubeconfig or {}).get("users") or []
    return str(users[0].get("user", {}).get("token", "")) if users else ""


def forwarded(kubeconfig: Mapping[str, Any]) -> dict[str, Any]:
    """Return a kubeconfig for an API server that is forwarded to the same port of loopback.

    The certificate of the server is still checked, for the server's own name.

    Args:
        kubeconfig: The kubeconfig of a student.
    """
    clusters = []
    for one in kubeconfig["clusters"]:
        host, _, port = one["cluster"]["server"].removeprefix("https://").rpartition(":")
        own = {"server": f"https://127.0.0.1:{port}"}
        clusters.append({**one, "cluster": {"tls-server-name": host, **one["cluster"], **own}})
    return {**kubeconfig, "clusters": clusters}
