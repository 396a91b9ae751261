"""File systems on which the parts of a lab lie."""

from __future__ import annotations

import os
from pathlib import Path

from slipway.doctor.checks import CARRIER, EVERYWHERE, Check
from slipway.doctor.docker_settings import read_settings
from slipway.doctor.findings import Finding, error, ok
from slipway.doctor.machine import Machine
from slipway.lab.format import short_path

DOCKER = "/var/lib/docker"
# File systems that no overlay can write to. Docker and containerd inside hosts need overlays on their volumes.
NO_UPPER_LAYER = ("overlay", "aufs", "nfs", "nfs4", "cifs", "smb3", "9p", "vfat", "exfat", "ntfs3")
NO_UPPER_LAYER += ("ecryptfs", "fuse", "fuseblk", "virtiofs")
ZFS_WITH_OVERLAY = (2, 2)


def docker_root(machine: Machine) -> str:
    """Return the directory of Docker's data: that of the running daemon, or the declared one."""
    declared = read_settings(machine).get("data-root")
    return machine.docker.root or str(declared or DOCKER)


def volumes(machine: Machine) -> Finding:
    """Check that Docker's volumes, in which the engines of the hosts keep their images, can carry overlays."""
    path = docker_root(machine)
    kind = file_system(machine, path)
    remedy = "set data-root in /etc/docker/daemon.json to a directory on ext4, xfs or btrfs"
    if kind == "zfs" and zfs_version(machine) < ZFS_WITH_OVERLAY:
        return error(f"{path} is on a ZFS that is older than 2.2, which has no overlays", remedy)
    if kind.split(".")[0] in NO_UPPER_LAYER:
        return error(f"{path} is on {kind}, which has no overlays", remedy)
    return ok(kind or "unknown")


def file_system(machine: Machine, path: str) -> str:
    """Return the type of the file system of a path; empty when the table of mounts does not contain it."""
    found = ("", "")
    for line in machine.read("proc/self/mounts").splitlines():
        fields = line.split()
        if len(fields) < 3:
            continue
        place = fields[1].replace("\\040", " ")
        if Path(path).is_relative_to(place) and len(place) >= len(found[0]):
            found = (place, fields[2])
    return found[1]


def zfs_version(machine: Machine) -> tuple[int, ...]:
    """Return the version of the module of ZFS, such as 2.1."""
    parts = machine.read("sys/module/zfs/version").split("-")[0].split(".")
    return tuple(int(part) for part in parts[:2] if part.isdigit())


def directories(machine: Machine) -> Finding:
    """Check that this user may write to the cache and the state, and run programs of the cache."""
    places = (machine.project.cache, machine.project.state)
    for place in places:
        for path in (place, *sorted(place.glob("*/"))):
            there = nearest(path)
            if not os.access(there, os.W_OK | os.X_OK):
                return _refused(machine, there, place)
    if os.statvfs(nearest(machine.project.cache)).f_flag & os.ST_NOEXEC:
        return error(
            f"{short_path(machine.project.cache)} is on a file system without programs (noexec)",
            "set XDG_CACHE_HOME to a directory on another one",
        )
    return ok(", ".join(short_path(place) for place in places))


def _refused(machine: Machine, path: Path, place: Path) -> Finding:
    """Return the finding about a directory to which this user may not write."""
    message = f"this user may not write to {path}"
    if path == place or place in path.parents:  # a run of sudo left it
        return error(message, f"sudo chown -R {machine.uid} {place}")
    variable = "XDG_CACHE_HOME" if place == machine.project.cache else "XDG_STATE_HOME"
    return error(message, f"set {variable} to a directory of this user")


def nearest(path: Path) -> Path:
    """Return the path, or the directory above it that exists."""
    while not os.path.exists(path):  # or this user may not look into a directory above it
        path = path.parent
    return path


CHECKS = (
    Check("volumes", volumes, CARRIER),
    Check("directories", directories, EVERYWHERE),
)
