"""A network between the hosts of a cluster that is cut, while this machine reaches all of them."""

from collections.abc import Iterator
from contextlib import contextmanager

from support.cluster import address, on
from support.kubeadm_lab import ADDRESSES

# No machine has it, so what is sent there is lost without an answer.
NOBODY = "02:00:00:00:00:01"


@contextmanager
def cut_off(lab: dict, *zone: str) -> Iterator[None]:
    """Lose every packet between the hosts of a zone and the others, also those of pods, until the end.

    Args:
        lab: the document of ``up --json``.
        zone: names of hosts.
    """
    pairs = [(one, other) for one in zone for other in ADDRESSES if other not in zone]
    ways = pairs + [(other, one) for one, other in pairs]
    for host, other in ways:
        neighbor = (address(lab, other), "dev", "eth0")
        on(host, "ip", "neigh", "replace", *neighbor, "lladdr", NOBODY, "nud", "permanent")
    try:
        yield
    finally:
        for host, other in ways:
            on(host, "ip", "neigh", "del", address(lab, other), "dev", "eth0")
