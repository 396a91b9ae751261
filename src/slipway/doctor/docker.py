"""Docker on the control machine, and the containers of an earlier lab."""

from __future__ import annotations

import os

from slipway.doctor.checks import CARRIER, EVERYWHERE, Check
from slipway.doctor.docker_settings import SETTINGS, settings_problem
from slipway.doctor.findings import Finding, error, ok, warning
from slipway.doctor.machine import Machine
from slipway.lab import processes
from slipway.lab.format import count
from slipway.lab.lock import holder_of

MINIMUM = (20, 10)
# Engines on which container hosts cannot run: what to say, and what to do.
USE_SYSTEM_ENGINE = "run Docker Engine as a system service and unset DOCKER_HOST"
UNFIT = {
    "Podman": ("Podman answers on Docker's socket", USE_SYSTEM_ENGINE),
    "rootless": ("the engine is rootless, and container hosts need root", USE_SYSTEM_ENGINE),
    "userns": (
        "the engine remaps users (userns-remap), and container hosts need root",
        "remove userns-remap from /etc/docker/daemon.json and restart Docker",
    ),
    "snap": (
        "the engine is a snap, which sees no hidden directories of a home, and container hosts need them",
        "sudo snap remove docker (its containers go too); up then installs Docker",
    ),
    "outside": (
        "the engine runs on another machine, in a VM or outside of this container",
        "stop Docker Desktop's integration here, or run Slipway where the engine runs",
    ),
}
UNITS = ("docker.service", "docker.socket")


def engine(machine: Machine) -> Finding:
    """See whether Docker runs, or can be installed or started by the playbooks."""
    state = machine.docker
    if state.kind:
        return error(*UNFIT[state.kind])
    if state.running:
        numbers = tuple(int(part) for part in state.version.split(".")[:2] if part.isdigit())
        if numbers < MINIMUM:
            return error(f"{state.version} is too old", "install Docker 20.10 or newer")
        return ok(state.version)
    if state.denied:
        return ok("runs; up gives this user access to it by sudo")
    if state.elsewhere:
        return error(f"{state.problem}; the lab needs this machine's engine", state.elsewhere)
    if masked := masked_units(machine):
        return error(
            f"{' and '.join(masked)} masked, so systemd refuses to start Docker",
            f"sudo systemctl unmask {' '.join(masked)}",
        )
    if problem := settings_problem(machine):
        return error(
            f"Docker does not start with /{SETTINGS}: {problem}",
            "correct the file, or move it away",
        )
    if machine.which("dockerd"):
        return ok("installed, not running; up starts it")
    if machine.which("apt-get"):
        return ok("not installed; up installs it")
    return error("not installed", "install Docker with your package manager and start it")


def masked_units(machine: Machine) -> list[str]:
    """Return the units of Docker that an administrator has masked, which also outlive its package."""
    folders = ("etc/systemd/system", "run/systemd/system")
    if not machine.exists(folders[1]):  # systemd does not run
        return []
    return [
        unit
        for unit in UNITS
        if any(os.path.realpath(machine.root / one / unit) == os.devnull for one in folders)
    ]


def leftovers(machine: Machine) -> Finding:
    """Look for an interrupted run and for stopped containers of an earlier lab."""
    holder, alive = holder_of(machine.project.state)
    if holder and not alive:
        still = len(processes.of_run(holder.run))
        rest = f"; {count(still, 'process', 'processes')} of it left" if still else ""
        return warning(
            f"{holder.command} of {holder.started} was cut off{rest}",
            "up ends its processes and resumes from there",
        )
    stopped = machine.docker.stopped
    if stopped:
        return warning(
            f"{count(len(stopped), 'container')} of the lab stopped",
            "start starts them; down removes them",
        )
    if machine.docker.live:
        return ok(f"the lab runs in {count(len(machine.docker.live), 'container')}")
    return ok("none")


CHECKS = (
    Check("docker", engine, CARRIER),
    Check("leftovers", leftovers, EVERYWHERE),
)
