"""No packet to an address that exists only inside the lab leaves it.

The host refuses it, and the machine around the host does so too.
"""

import errno
import re
import subprocess
from contextlib import contextmanager

import pytest

testinfra_hosts = ["ssh://one", "ssh://two"]

# The first and the last service address, and a pod address.
INSIDE = ["10.96.0.1", "10.111.255.254", "10.244.7.7"]
CONNECT = """python3 -c '
import socket
try:
    socket.create_connection(("{}", 443), 5)
except OSError as error:
    print(error.errno)
'"""


def on_this_machine(command):
    """Run a shell command on the control machine, as the host fixture does on a host."""
    return subprocess.run(command, shell=True, check=True, capture_output=True, text=True).stdout


@contextmanager
def packets_out(run, address):
    """Yield a function that counts the packets to an address that get past routing."""
    rule = f"POSTROUTING --destination {address}"
    run(f"iptables -w -t mangle -I {rule}")

    def count():
        rules = run("iptables -w -t mangle -L POSTROUTING -n -v -x")
        return int(re.search(rf"^\s*(\d+) .* {re.escape(address)}\s*$", rules, re.MULTILINE)[1])

    try:
        yield count
    finally:
        run(f"iptables -w -t mangle -D {rule}")


@pytest.mark.parametrize("address", INSIDE)
def test_host_refuses(host, address):
    with host.sudo(), packets_out(host.check_output, address) as count:
        answer = host.check_output(CONNECT.format(address))
        assert int(answer) == errno.EHOSTUNREACH
        assert count() == 0


@pytest.mark.parametrize(
    ("address", "network"), [("10.96.0.1", "10.96.0.0/12"), ("10.244.7.7", "10.244.0.0/16")]
)
def test_control_machine_refuses_what_a_host_lets_out(host, address, network):
    """A host without its own rule stands for anything in the lab that goes around it."""
    with host.sudo(), packets_out(on_this_machine, address) as count:
        host.check_output(f"ip route del unreachable {network}")
        try:
            with packets_out(host.check_output, address) as count_in_host:
                answer = host.check_output(CONNECT.format(address))
                assert count_in_host() > 0, "no packet left the host: nothing was tested"
        finally:
            host.check_output(f"ip route add unreachable {network}")
        assert int(answer) == errno.EHOSTUNREACH
        assert count() == 0


def test_counter_counts(host):
    """The other tests would pass with a counter that never moves."""
    address = "10.213.3.1"
    with host.sudo(), packets_out(host.check_output, address) as count:
        host.run(CONNECT.format(address))
        assert count() > 0


def test_world_outside_is_reached(host):
    assert host.check_output(
        "getent hosts $(apt-get indextargets --format '$(SITE)' | head -1 | cut -d/ -f3)"
    )
