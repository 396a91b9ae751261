"""The requests to the Docker engine that saving and restoring a lab need."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from ansible_collections.slipway.lab.plugins.module_utils.common.docker_socket import (
    SocketErrors,
    ask_docker,
)
from ansible_collections.slipway.lab.plugins.module_utils.labs.labels import LAB, ROLE
from ansible_collections.slipway.lab.plugins.module_utils.snapshots.errors import SnapshotError

# Removing a volume deletes all its files first.
PATIENCE = 300.0
MISSING, CONFLICT = 404, 409
# The label of containers that copy a volume. An interruption can leave one that was created and not started.
COPIER = f"{ROLE}=copier"


class Engine:
    """The Docker engine of this machine.

    Args:
        socket: Path of its socket.
    """

    def __init__(self, socket: str):
        self.socket = socket

    def ask(self, method: str, url: str, body: Any = None, accepted: tuple[int, ...] = ()) -> Any:
        """Return the answer to a request; ``None`` when its status is one of ``accepted``.

        Args:
            method: Method of HTTP.
            url: Path and query.
            body: Data that is sent as JSON.
            accepted: Statuses of failures that need no work.

        Raises:
            SnapshotError: The engine does not answer, or refuses.
        """
        try:
            status, answer = ask_docker(self.socket, method, url, body, PATIENCE)
        except SocketErrors as problem:
            raise SnapshotError(
                f"Docker does not answer on {self.socket} ({str(problem) or type(problem).__name__}); start it"
            ) from problem
        if status in accepted:
            return None
        if status >= 400:
            reason = answer.get("message", "") if isinstance(answer, dict) else ""
            raise SnapshotError(f"Docker refused {method} {url}: {reason or status}")
        return answer

    def containers(self, lab: str) -> list[dict[str, Any]]:
        """Return the containers of a lab in the order of their names, as the engine describes them."""
        listed = self.ask("GET", f"/containers/json?all=1&filters={_of(lab)}")
        found = [self.ask("GET", f"/containers/{one['Id']}/json") for one in listed]
        return sorted(found, key=lambda one: str(one["Name"]))

    def root_size(self, container: str) -> int:
        """Return the bytes of the root file system of a container, that of its image included."""
        return int(self.ask("GET", f"/containers/{container}/json?size=1").get("SizeRootFs") or 0)

    def volumes(self, lab: str) -> list[dict[str, Any]]:
        """Return the volumes of a lab in the order of their names."""
        found = self.ask("GET", f"/volumes?filters={_of(lab)}")["Volumes"] or []
        return sorted(found, key=lambda one: str(one["Name"]))

    def networks(self, lab: str = "") -> list[dict[str, Any]]:
        """Return the networks of a lab, or all."""
        found: list[dict[str, Any]] = self.ask(
            "GET", f"/networks?filters={_of(lab)}" if lab else "/networks"
        )
        return found

    def has_image(self, name: str) -> bool:
        """Return whether the engine has an image of this name."""
        found = self.ask("GET", f"/images/{quote(name, safe=':')}/json", accepted=(MISSING,))
        return found is not None

    def info(self) -> dict[str, Any]:
        """Return the facts about the engine."""
        facts: dict[str, Any] = self.ask("GET", "/info")
        return facts

    def remove_container(self, name: str) -> None:
        """Remove a container that does not run, if it exists."""
        self.ask("DELETE", f"/containers/{name}?v=1", accepted=(MISSING,))

    def remove_volume(self, name: str) -> None:
        """Remove a volume, if it exists, with the containers that should have copied it and do not run."""
        ended = {"volume": [name], "label": [COPIER], "status": ["created", "exited"]}
        for one in self.ask("GET", f"/containers/json?all=1&filters={quote(json.dumps(ended))}"):
            self.remove_container(one["Id"])
        self.ask("DELETE", f"/volumes/{name}", accepted=(MISSING,))

    def remove_image(self, name: str) -> None:
        """Remove an image, unless a container uses it."""
        self.ask(
            "DELETE", f"/images/{quote(name, safe=':')}?noprune=1", accepted=(MISSING, CONFLICT)
        )


def _of(lab: str) -> str:
    return quote(json.dumps({"label": [f"{LAB}={lab}"]}))
