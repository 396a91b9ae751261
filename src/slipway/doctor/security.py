"""Points of security of this machine: what can be reached, and who can become root by it.

The numbers are those of the CIS Docker Benchmark 1.6, where it has the point.
"""

from __future__ import annotations

import stat
import time
from collections.abc import Iterator
from pathlib import Path

from slipway.doctor.checks import EVERYWHERE, Check
from slipway.doctor.docker_settings import SETTINGS, read_settings
from slipway.doctor.findings import Finding, error, ok, warning
from slipway.doctor.machine import Machine
from slipway.doctor.network import lab_ports, listening, wanted_ports
from slipway.lab.format import count
from slipway.launcher import CommandLine

SOCKET = "run/docker.sock"
ANYWHERE = ("0.0.0.0", "::")  # noqa: S104
PLAIN_PORT = 2375
DAY_SECONDS = 86_400
MAX_PACKAGE_DAYS = 30
# Files of a lab's state that give access to it, by their names.
SECRETS = ("kubeconfig", "push-auth.json", "push-password", "push-secret", "*.key", "id_*")
NOT_APPLICABLE = "not applicable: "


def socket_mode(machine: Machine) -> Finding:
    """Check who may use Docker's socket (CIS 3.15, 3.16)."""
    path = machine.root / SOCKET
    if not path.exists():
        return ok(f"{NOT_APPLICABLE}there is no engine")
    found = path.stat()
    if found.st_mode & 0o007:
        return error(f"any account may use /{SOCKET}", f"run: chmod o= /{SOCKET}")
    return ok(f"/{SOCKET} has mode {stat.S_IMODE(found.st_mode):04o}")


def group_members(machine: Machine) -> Finding:
    """List the accounts that can become root by Docker (CIS 1.1.2)."""
    for line in machine.read("etc/group").splitlines():
        name, _, rest = line.partition(":")
        members = [one for one in rest.rpartition(":")[2].split(",") if one]
        if name == "docker" and members:
            return warning(
                f"{', '.join(members)} can become root by the group docker",
                "if that is not intended, run: gpasswd --delete USER docker",
            )
    return ok("the group docker has no members")


def plain_engine(machine: Machine) -> Finding:
    """Check that the engine answers on no TCP port without TLS (CIS 2.6)."""
    settings = read_settings(machine)
    plain = [host for host in settings.get("hosts") or [] if str(host).startswith("tcp:")]
    if plain and not settings.get("tlsverify"):
        return error(
            f"/{SETTINGS} lets the engine answer on {plain[0]} without verified TLS",
            "remove the address from hosts, or set tlsverify with its certificates",
        )
    if any(port == PLAIN_PORT for _address, port in listening(machine)):
        return error(
            f"a program listens on port {PLAIN_PORT}, Docker's port without TLS",
            f"see it with: ss -ltnp 'sport = :{PLAIN_PORT}'; end it",
        )
    return ok("the engine answers on no TCP port")


def settings_mode(machine: Machine) -> Finding:
    """Check who may change daemon.json (CIS 3.17, 3.18)."""
    path = machine.root / SETTINGS
    if not path.exists():
        return ok(f"{NOT_APPLICABLE}there is no /{SETTINGS}")
    if path.stat().st_mode & 0o022:
        return error(
            f"accounts besides root may change /{SETTINGS}", f"run: chmod 0644 /{SETTINGS}"
        )
    return ok(f"only root changes /{SETTINGS}")


def daemon_settings(machine: Machine) -> Finding:
    """Check settings of the engine (CIS 2.13, 2.14; registries without TLS: 2.5)."""
    settings = read_settings(machine)
    if not settings:
        return ok(f"{NOT_APPLICABLE}there is no /{SETTINGS}")
    if insecure := settings.get("insecure-registries"):
        return warning(
            f"pulls from {', '.join(insecure)} are not protected by TLS",
            f"give the registry a certificate, and remove it from insecure-registries in /{SETTINGS}",
        )
    if not settings.get("live-restore"):
        return warning(
            "a restart of the engine ends all containers",
            f'set "live-restore": true in /{SETTINGS}, unless the machine is part of a swarm',
        )
    return ok("live-restore is on, and every registry needs TLS")


def secrets(machine: Machine) -> Finding:
    """Check that only their owner reads the credentials of the lab."""
    state = machine.project.state
    if not state.is_dir():
        return ok(f"{NOT_APPLICABLE}there is no lab")
    found = list(secret_files(state))
    exposed = [path for path in found if path.stat().st_mode & 0o077 and not is_hidden(path, state)]
    if exposed:
        return error(
            f"other accounts can read {exposed[0]}", f"run: chmod go= {' '.join(map(str, exposed))}"
        )
    return ok(f"only their owner reads {count(len(found), 'file')} with credentials")


def open_ports(machine: Machine) -> Finding:
    """Check that the lab's ports are open only in its own network and on loopback."""
    numbers = {port.number for port in list(wanted_ports(machine)) or lab_ports(machine)}
    wide = sorted(
        {port for address, port in listening(machine) if address in ANYWHERE and port in numbers}
    )
    if wide:
        return error(
            f"{', '.join(map(str, wide))} can be reached from every network of this machine",
            f"see the program with: ss -ltnp 'sport = :{wide[0]}'; end it and run ./slipway up",
        )
    return ok("the lab's ports are open only in its own network and on loopback")


def privileged(machine: Machine) -> Finding:
    """List the container hosts, which have privileges that other containers lack (CIS 5.4, 5.5)."""
    hosts = [
        str(one["Names"][0]).lstrip("/")
        for one in machine.docker.live
        if "slipway.host" in (one.get("Labels") or {})
    ]
    if not hosts:
        return ok(f"{NOT_APPLICABLE}no container host runs")
    return warning(
        f"root in {', '.join(hosts)} has capabilities on this machine's kernel, which Docker in a container needs",
        "run nothing in the lab that you would not run as root on this machine",
    )


def secret_files(state: Path) -> Iterator[Path]:
    """Yield the files with credentials in the state of a lab."""
    for pattern in SECRETS:
        yield from (
            path for path in state.rglob(pattern) if path.is_file() and path.suffix != ".pub"
        )


def is_hidden(path: Path, state: Path) -> bool:
    """Return whether a directory between a file and the state keeps other accounts out."""
    folders = [state, *(state / part for part in path.relative_to(state).parents)]
    return any(not folder.stat().st_mode & 0o011 for folder in folders)


def packages(machine: Machine) -> Finding:
    """Check how old the Debian packages of the images are."""
    roots = list((machine.project.cache / "artifacts").glob("*-root/*/root.tar"))
    if not roots:
        return ok(f"{NOT_APPLICABLE}no image was built")
    days = int((time.time() - max(root.stat().st_mtime for root in roots)) / DAY_SECONDS)
    if days > MAX_PACKAGE_DAYS:
        return warning(
            f"the Debian packages of the images are {days} days old",
            f"run: {CommandLine().of('refresh')}",
        )
    return ok(f"the Debian packages of the images are {count(days, 'day')} old")


CHECKS = (
    Check("docker socket", socket_mode, EVERYWHERE),
    Check("docker group", group_members, EVERYWHERE),
    Check("engine on tcp", plain_engine, EVERYWHERE),
    Check("daemon.json mode", settings_mode, EVERYWHERE),
    Check("daemon.json", daemon_settings, EVERYWHERE),
    Check("credentials", secrets, EVERYWHERE),
    Check("open ports", open_ports, EVERYWHERE),
    Check("privileges", privileged, EVERYWHERE),
    Check("packages", packages, EVERYWHERE),
)
