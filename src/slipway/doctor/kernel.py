"""Features of the kernel: file systems, devices, control groups, capabilities, limits."""

from __future__ import annotations

from slipway.doctor.checks import Check
from slipway.doctor.findings import Finding, error, ok, warning
from slipway.doctor.machine import Machine

# Bit numbers of capabilities(7).
CAPABILITIES = {"NET_ADMIN": 12, "SYS_ADMIN": 21, "SYS_RESOURCE": 24}
NEEDED_CAPABILITIES = ("NET_ADMIN", "SYS_ADMIN")
DEVICES = ("dev/kmsg", "dev/fuse", "dev/net/tun")
CONTROLLERS = ("cpu", "memory", "pids", "cpuset")
INOTIFY_INSTANCES = 128
# Accounts that are mapped outside of a user namespace: all of them, to themselves.
WHOLE_MAP = ["0", "0", str(2**32 - 1)]


def overlay(machine: Machine) -> Finding:
    """Look for overlayfs, on which Docker and containerd keep images."""
    if "overlay" in machine.read("proc/filesystems").split() or _module(machine, "overlay"):
        return ok("overlay")
    return error("no overlay filesystem", "modprobe overlay, or use a kernel that has it")


def bridge(machine: Machine) -> Finding:
    """Look for filtering of bridged packets, without which services cannot be reached."""
    if machine.exists("proc/sys/net/bridge/bridge-nf-call-iptables"):
        return ok("bridge netfilter")
    if _module(machine, "br_netfilter"):
        return ok("bridge netfilter can be loaded")
    return error("no bridge netfilter", "modprobe br_netfilter, or use a kernel that has it")


def _module(machine: Machine, name: str) -> bool:
    release = machine.read("proc/sys/kernel/osrelease").strip()
    folder = f"lib/modules/{release}"
    listed = machine.read(f"{folder}/modules.dep") + machine.read(f"{folder}/modules.builtin")
    loaded = any(line.split()[0] == name for line in machine.read("proc/modules").splitlines())
    return loaded or f"/{name}.ko" in listed


def devices(machine: Machine) -> Finding:
    """Look for the devices of hosts; a kubelet exits without the kernel log."""
    missing = [f"/{path}" for path in DEVICES if not machine.exists(path)]
    if "/dev/kmsg" in missing:
        return error(
            "/dev/kmsg is missing", "start this container with --device /dev/kmsg or --privileged"
        )
    if missing:
        return warning(
            f"{', '.join(missing)} missing",
            "modprobe fuse tun; without them, nested storage and tunnels do not work",
        )
    return ok(", ".join(f"/{path}" for path in DEVICES))


def cgroups(machine: Machine) -> Finding:
    """Check the version of control groups, and their controllers."""
    if machine.exists("sys/fs/cgroup/cgroup.controllers"):
        version, present = 2, machine.read("sys/fs/cgroup/cgroup.controllers").split()
    elif machine.exists("sys/fs/cgroup/memory"):
        version = 1
        present = [name for name in CONTROLLERS if machine.exists(f"sys/fs/cgroup/{name}")]
    else:
        return error("no control groups", "mount cgroup2 on /sys/fs/cgroup")
    missing = [name for name in CONTROLLERS if name not in present]
    if missing:
        return error(
            f"version {version} without {', '.join(missing)}",
            "enable them at boot, e.g. cgroup_enable=memory",
        )
    return ok(f"version {version}")


def capabilities(machine: Machine) -> Finding:
    """Look at the capabilities that root can have here (the bounding set)."""
    status = machine.read("proc/self/status")
    bits = next(
        (int(line.split()[1], 16) for line in status.splitlines() if line.startswith("CapBnd:")), 0
    )
    mapped = machine.read("proc/self/uid_map").split()
    if mapped and mapped != WHOLE_MAP:
        return error(
            "root here is another account of the machine (a user namespace, as in an unprivileged LXC container)",
            "run in a virtual machine or a privileged container",
        )
    missing = [name for name, bit in CAPABILITIES.items() if not bits >> bit & 1]
    needed = [f"CAP_{name}" for name in NEEDED_CAPABILITIES if name in missing]
    if needed:
        return error(
            f"root lacks {', '.join(needed)}", "run in a virtual machine or a privileged container"
        )
    if missing:
        return ok("no CAP_SYS_RESOURCE: container hosts are started without it")
    return ok("all that is needed")


def inotify(machine: Machine) -> Finding:
    """Look at the limit that systemd and kubelets in containers share, and run into first."""
    text = machine.read("proc/sys/fs/inotify/max_user_instances").strip()
    if text.isdigit() and int(text) < INOTIFY_INSTANCES:
        return warning(
            f"{text} instances, {INOTIFY_INSTANCES} advised",
            "sysctl -w fs.inotify.max_user_instances=512",
        )
    return ok(f"{text or 'unknown number of'} instances")


CHECKS = (
    Check("overlay", overlay),
    Check("bridge filter", bridge),
    Check("devices", devices),
    Check("cgroups", cgroups),
    Check("capabilities", capabilities),
    Check("inotify", inotify),
)
