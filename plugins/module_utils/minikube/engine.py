"""The container engine below the drivers docker and podman: node containers, their volumes and networks."""

from __future__ import annotations

import json
import re
import shutil
import subprocess

from ansible_collections.slipway.lab.plugins.module_utils.common.errors import SlipwayError

# Labels of Minikube: pkg/drivers/kic/oci/types.go.
OWNED_LABEL = "created_by.minikube.sigs.k8s.io"
OWNED = f"{OWNED_LABEL}=true"
INTERNAL_PORTS = ("22/tcp", "2376/tcp", "5000/tcp", "8443/tcp", "32443/tcp")
TIMEOUT_SECONDS = 60
# Drivers whose nodes are containers of an engine of the same name.
CONTAINER_DRIVERS = ("docker", "podman")


class EngineError(SlipwayError):
    """The engine cannot be used. The text names the cause and the next step."""


class Engine:
    """The command line of docker or podman, as the user that runs Minikube."""

    def __init__(self, binary: str):
        self.binary = binary

    def check(self) -> None:
        """Make sure that the engine answers.

        Raises:
            EngineError: it is not installed, not running, or this user may not use it.
        """
        if shutil.which(self.binary) is None:
            raise EngineError(
                f"the driver {self.binary} needs {self.binary}, which is not installed on this host"
            )
        done = self.run("version", "--format", "{{.Server.Version}}")
        if done.returncode == 0:
            return
        said = (done.stderr or done.stdout).strip()
        if "permission denied" in said.lower():
            raise EngineError(
                f"this user has no permission to use {self.binary}: {said}. Add the user to the group "
                f"{self.binary} (usermod -aG {self.binary} USER) and log in again"
            )
        raise EngineError(
            f"{self.binary} does not answer: {said}. Start it (systemctl start {self.binary}) and see "
            f"journalctl -u {self.binary}"
        )

    def named(self, profile: str) -> dict[str, dict]:
        """Return the inspected containers by name that have the name of a profile at its beginning, running or not."""
        listed = self.run("ps", "-a", "--filter", f"name={profile}", "--format", "{{.Names}}")
        names = [name for name in listed.stdout.split() if name.startswith(profile)]
        if not names:
            return {}
        found = json.loads(self.run("container", "inspect", *names).stdout or "[]")
        return {c["Name"].lstrip("/"): c for c in found}

    def containers(self, profile: str) -> dict[str, dict]:
        """Return the inspected node containers of a profile by name, running or not."""
        return nodes_among(self.named(profile), profile)

    def volumes(self, profile: str) -> list[str]:
        """Return the names of the node volumes of a profile."""
        return self._names(
            profile, "volume", "ls", "--filter", f"label={OWNED}", "--format", "{{.Name}}"
        )

    def networks(self, profile: str) -> list[str]:
        """Return the names of the networks of a profile."""
        return self._names(
            profile, "network", "ls", "--filter", f"label={OWNED}", "--format", "{{.Name}}"
        )

    def remove(self, containers: list[str], volumes: list[str], networks: list[str] = ()) -> None:
        """Remove what is named, with no regard to its state.

        Raises:
            EngineError: something could not be removed.
        """
        for kind, options, names in (
            ("container", ["--force", "--volumes"], containers),
            ("volume", ["--force"], volumes),
            ("network", [], networks),
        ):
            if not names:
                continue
            done = self.run(kind, "rm", *options, *names)
            if done.returncode != 0 and "no such" not in done.stderr.lower():
                raise EngineError(
                    f"{self.binary} {kind} rm {' '.join(names)}: {done.stderr.strip()}"
                )

    def has_files(self, container: str, paths: list[str]) -> bool:
        """Return whether a container, running or not, has all the files."""
        return all(self.run("cp", f"{container}:{path}", "-").returncode == 0 for path in paths)

    def run_with_volume(
        self, image: str, volume: str, mount: str, *command: str, seconds: int = TIMEOUT_SECONDS
    ) -> None:
        """Run a command in a new container of an image, with a volume and without a network.

        Raises:
            EngineError: The command failed.
        """
        done = self.run(
            *("run", "--rm", "--network", "none", "--volume", f"{volume}:{mount}"),
            *("--entrypoint", command[0], image, *command[1:]),
            seconds=seconds,
        )
        _check(done, f"a command on the volume {volume} failed")

    def start(self, *arguments: str) -> None:
        """Start a new container in the background.

        Args:
            arguments: Those of ``docker run``: options, image, command.

        Raises:
            EngineError: It does not start.
        """
        _check(self.run("run", "--detach", *arguments), "a container does not start")

    def run_in(self, container: str, *command: str, seconds: int = TIMEOUT_SECONDS) -> None:
        """Run a command in a running container.

        Raises:
            EngineError: The command failed.
        """
        done = self.run("exec", container, *command, seconds=seconds)
        _check(done, f"a command in {container} failed")

    def execute(self, container: str, *command: str) -> str:
        """Return what a command prints in a running container, empty when it cannot run."""
        done = self.run("exec", container, *command)
        return done.stdout if done.returncode == 0 else ""

    def _names(self, profile: str, *command: str) -> list[str]:
        return [name for name in self.run(*command).stdout.split() if _is_node(name, profile)]

    def run(self, *args: str, seconds: int = TIMEOUT_SECONDS) -> subprocess.CompletedProcess:
        """Run a command of the engine.

        Raises:
            EngineError: It did not end in time.
        """
        try:
            return subprocess.run(
                [self.binary, *args],
                check=False,
                capture_output=True,
                text=True,
                errors="replace",
                timeout=seconds,
                stdin=subprocess.DEVNULL,
            )
        except subprocess.TimeoutExpired as error:
            raise EngineError(
                f"{self.binary} {args[0]} did not end within {seconds} s. See journalctl -u {self.binary}"
            ) from error


def nodes_among(containers: dict[str, dict], profile: str) -> dict[str, dict]:
    """Return those of inspected containers that are nodes of a profile."""
    return {
        name: container
        for name, container in containers.items()
        if _is_node(name, profile) and labels_of(container).get(OWNED_LABEL) == "true"
    }


def labels_of(container: dict) -> dict[str, str]:
    """Return the labels of an inspected container."""
    return (container.get("Config") or {}).get("Labels") or {}


def _is_node(name: str, profile: str) -> bool:
    """Return whether Minikube gives a node this name: PROFILE, PROFILE-m02, ... (pkg/minikube/config: MachineName)."""
    return re.fullmatch(rf"{re.escape(profile)}(-m\d{{2,}})?", name) is not None


def _check(done: subprocess.CompletedProcess, failure: str) -> None:
    if done.returncode != 0:
        lines = (done.stderr or done.stdout).strip().splitlines()
        raise EngineError(f"{failure}: {'; '.join(lines[-3:])}")


def published_ports(container: dict) -> set[tuple[str, str, str]]:
    """Return what a user published of an inspected container as (IP, host port, PORT/PROTOCOL).

    Minikube publishes its own ports on a free host port; these are left out.
    """
    found = set()
    for port, bindings in ((container.get("HostConfig") or {}).get("PortBindings") or {}).items():
        for binding in bindings or []:
            host_port = str(binding.get("HostPort") or "")
            host_port = "" if host_port == "0" else host_port
            if port in INTERNAL_PORTS and not host_port:
                continue
            ip = binding.get("HostIp") or ""
            found.add(("" if ip in ("0.0.0.0", "::") else ip, host_port, port))
    return found


def create_engine(driver: str | None) -> Engine | None:
    """Return the engine of a driver, or None for a driver without one."""
    return Engine(driver) if driver in CONTAINER_DRIVERS else None
