#!/bin/sh
# needs: nothing (changes nothing); ~5 s
# lab_hosts_subnet is written as an address with its mask, 10.213.0.1/24.
. "$(dirname "$0")/lib.sh"
tools
cp -rL inventories/lab "$T/inv"
echo 'lab_hosts_subnet: 10.213.0.1/24' >"$T/inv/group_vars/all/network.yml"
./slipway doctor -i "$T/inv" --json >"$T/doctor" 2>"$T/err"
rc=$?
saw "rc $rc: $(tail -n 1 "$T/err")"
grep -q Traceback "$T/err" && fail "doctor dies of it"
doctor_says '*' "$T/doctor" >"$T/said" 2>/dev/null || fail "no JSON"
saw "$(grep -E 'networks|variables' "$T/said" | tr '\n' ';')"
pass "doctor reports it, or accepts it"
