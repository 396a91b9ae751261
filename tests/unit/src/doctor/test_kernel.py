"""Tests of the checks in ``slipway.doctor.kernel``."""

import pytest

from slipway.doctor import kernel
from support.made_up_machine import put


def test_overlay(machine):
    assert kernel.overlay(machine).level == "error"
    put(machine, "proc/filesystems", "nodev\toverlay\n")
    assert kernel.overlay(machine).level == "ok"


def test_a_module_that_can_be_loaded_will_do(machine):
    assert kernel.bridge(machine).level == "error"
    put(machine, "proc/sys/kernel/osrelease", "6.1\n")
    put(machine, "lib/modules/6.1/modules.dep", "kernel/net/bridge/br_netfilter.ko.xz: a.ko\n")
    assert kernel.bridge(machine).level == "ok"


def test_devices(machine):
    assert "/dev/kmsg" in kernel.devices(machine).message
    assert kernel.devices(machine).level == "error"
    put(machine, "dev/kmsg")
    assert kernel.devices(machine).level == "warning"
    put(machine, "dev/fuse")
    put(machine, "dev/net/tun")
    assert kernel.devices(machine).level == "ok"


def test_control_groups_of_both_versions(machine):
    assert kernel.cgroups(machine).level == "error"
    for name in kernel.CONTROLLERS:
        put(machine, f"sys/fs/cgroup/{name}/tasks")
    assert kernel.cgroups(machine).message == "version 1"
    put(machine, "sys/fs/cgroup/cgroup.controllers", "cpu pids cpuset\n")
    assert kernel.cgroups(machine).message == "version 2 without memory"


@pytest.mark.parametrize(
    ("bits", "level", "word"),
    [
        ("000001ffffffffff", "ok", "all"),
        ("000001fffeffffff", "ok", "no CAP_SYS_RESOURCE"),
        ("00000000a80425fb", "error", "CAP_NET_ADMIN, CAP_SYS_ADMIN"),
        ("0", "error", "CAP_SYS_ADMIN"),
    ],
)
def test_capabilities(machine, bits, level, word):
    put(machine, "proc/self/status", f"Name:\tx\nCapBnd:\t{bits}\n")
    found = kernel.capabilities(machine)
    assert found.level == level
    assert word in found.message


def test_inotify(machine):
    assert kernel.inotify(machine).level == "ok"
    put(machine, "proc/sys/fs/inotify/max_user_instances", "64\n")
    assert kernel.inotify(machine).level == "warning"


def test_root_of_a_user_namespace_is_not_root(machine):
    put(machine, "proc/self/status", "CapBnd:\t000001ffffffffff\n")
    put(machine, "proc/self/uid_map", "         0          0 4294967295\n")
    assert kernel.capabilities(machine).level == "ok"
    put(machine, "proc/self/uid_map", "         0     100000      65536\n")
    assert "unprivileged LXC" in kernel.capabilities(machine).message
