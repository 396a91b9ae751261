#!/bin/sh
# needs: nothing (a network namespace of its own); ~4 s
# A VPN has the lab's network. The README's remedy is -e lab_hosts_subnet=...: does preflight look at that one?
. "$(dirname "$0")/lib.sh"
tools
cat >"$T/look.py" <<'PY'
from slipway.doctor import network
from slipway.doctor.machine import Machine
from slipway.lab.project import locate
for arguments in ((), ("-e", "lab_hosts_subnet=10.214.0.0/24")):
    print(network.networks(Machine(locate(), arguments=arguments)).level, network.networks(Machine(locate(), arguments=arguments)).message)
PY
PYTHONPATH=$ROOT/src unshare -n sh -c '{ ip link add case0 type dummy 2>/dev/null || ip link add case0 type bridge; } && ip link set case0 up &&
    ip route add 10.213.0.0/25 dev case0 && "$venv/python" "$T/look.py"' >"$T/log" 2>&1
saw "without: $(sed -n 1p "$T/log")"
saw "with -e: $(sed -n 2p "$T/log")"
sed -n 1p "$T/log" | grep -q '^error' || skip "no collision was seen"
sed -n 2p "$T/log" | grep -q '^error' && fail "the remedy of README and doctor does not get past doctor"
pass "the other network counts"
