#!/bin/sh
# needs: running lab (a dummy interface in lab1, check mode); ~15 s
# The host itself has an address in 10.0.3.0/24 (a VPC, a LAN), which the role lxc gives to its bridge.
. "$(dirname "$0")/lib.sh"
tools
lab
undo="docker exec $host ip link del case28"
docker exec "$host" sh -c '{ ip link add case28 type dummy || ip link add case28 type bridge; } && ip addr add 10.0.3.77/24 dev case28 && ip link set case28 up' || skip "no dummy interface"
cat >"$T/play.yml" <<'YML'
- hosts: lab1
  gather_facts: false
  roles: [lxc]
YML
ansible-playbook -i inventories/lab "$T/play.yml" --check >"$T/log" 2>&1
rc=$?
saw "rc $rc: $(grep -E '^TASK' "$T/log" | tail -n 1 | sed 's/ \**$//')"
if [ $rc -ne 0 ] && grep -qE '10\.0\.3|lxc_subnet|case28' "$T/log"; then pass "refused: $(grep -m 1 -E 'msg' "$T/log" | cut -c1-140)"; fi
grep -q 'Write the settings of the network' "$T/log" || { tail_log; skip "the role ended earlier"; }
fail "the bridge would get the network that the host is in"
