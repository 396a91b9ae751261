"""Cores, memory and disk."""

from __future__ import annotations

import os
import platform
import shutil
from pathlib import Path

from slipway.doctor.checks import EVERYWHERE, Check
from slipway.doctor.findings import Finding, error, ok, warning
from slipway.doctor.machine import Machine
from slipway.doctor.storage import CHECKS as STORAGE_CHECKS
from slipway.doctor.storage import docker_root, nearest
from slipway.lab.format import gib, short_path

GIB = 2**30
CORES = 2
MEMORY_MINIMUM, MEMORY_ADVISED = 3 * GIB, 6 * GIB
INODES_MINIMUM = 50_000
DISK_MINIMUM, DISK_ADVISED = 8 * GIB, 20 * GIB
ARCHITECTURES = ("x86_64", "aarch64")


def architecture(machine: Machine) -> Finding:
    """Look at the processor's kind."""
    name = platform.machine()
    if name in ARCHITECTURES:
        return ok(name)
    return error(f"{name} is not supported", f"use a machine with {' or '.join(ARCHITECTURES)}")


def cores(machine: Machine) -> Finding:
    """Count the cores that this process may use; Kubernetes' preflight wants two."""
    number = len(os.sched_getaffinity(0))
    if number < CORES:
        return error(f"{number} core", f"give the machine {CORES} cores")
    return ok(f"{number} cores")


def memory(machine: Machine) -> Finding:
    """Look at the memory that is free, within the limit of a container."""
    free = memory_available(machine)
    if machine.docker.live:
        return ok(f"{gib(free)} free, with the lab running")
    advice = "stop what needs memory, or give the machine more"
    if free < MEMORY_MINIMUM:
        return error(f"{gib(free)} free, {gib(MEMORY_MINIMUM)} needed", advice)
    if free < MEMORY_ADVISED:
        return warning(f"{gib(free)} free, {gib(MEMORY_ADVISED)} advised", advice)
    return ok(f"{gib(free)} free")


def memory_available(machine: Machine) -> int:
    """Return the bytes that may still be used.

    Source: ``MemAvailable`` of proc(5), and what is left of the control group's limit.
    """
    available = 0
    for line in machine.read("proc/meminfo").splitlines():
        if line.startswith("MemAvailable:"):
            available = int(line.split()[1]) * 1024
    for limit, usage in (
        ("sys/fs/cgroup/memory.max", "sys/fs/cgroup/memory.current"),
        (
            "sys/fs/cgroup/memory/memory.limit_in_bytes",
            "sys/fs/cgroup/memory/memory.usage_in_bytes",
        ),
    ):
        most, used = machine.read(limit).strip(), machine.read(usage).strip()
        if most.isdigit() and used.isdigit():
            available = min(available, max(0, int(most) - int(used)))
    return available


def cache_disk(machine: Machine) -> Finding:
    """Look at the disk that keeps downloads and builds."""
    return _disk(machine.project.cache, "set XDG_CACHE_HOME to a directory with more space")


def docker_disk(machine: Machine) -> Finding:
    """Look at the disk that keeps images, containers and volumes."""
    path = Path(docker_root(machine))
    return _disk(path, "docker system prune, or set data-root in /etc/docker/daemon.json")


def _disk(path: Path, remedy: str) -> Finding:
    there = nearest(path)
    free = shutil.disk_usage(there).free
    message = f"{gib(free)} free for {short_path(path)}"
    inodes = os.statvfs(there)
    # A file system without a fixed number of inodes (btrfs, for example) reports 0 of 0.
    if inodes.f_files and inodes.f_favail < INODES_MINIMUM:
        return error(f"{inodes.f_favail} inodes free for {short_path(path)}", remedy)
    if free < DISK_MINIMUM:
        return error(f"{message}, {gib(DISK_MINIMUM)} needed", remedy)
    if free < DISK_ADVISED:
        return warning(f"{message}, {gib(DISK_ADVISED)} advised", remedy)
    return ok(message)


CHECKS = (
    Check("architecture", architecture),
    Check("cores", cores),
    Check("memory", memory),
    Check("cache disk", cache_disk, EVERYWHERE),
    Check("docker disk", docker_disk),
    *STORAGE_CHECKS,
)
