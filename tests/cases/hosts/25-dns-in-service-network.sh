#!/bin/sh
# needs: nothing (a private resolv.conf; changes nothing); ~15 s
# The office's name server is 10.100.0.53, by the default route. `up` makes 10.96.0.0/12 unreachable on the machine and in the hosts.
. "$(dirname "$0")/lib.sh"
tools
file=$(readlink -f /etc/resolv.conf)
export file
{ echo 'nameserver 10.100.0.53'; echo 'options timeout:1 attempts:1'; } >"$T/resolv"
unshare -m --propagation private sh -c 'mount --bind "$T/resolv" "$file" || exit 77
    timeout 60 ./slipway doctor --json >"$T/doctor" 2>"$T/err"'
doctor_says '*' "$T/doctor" >"$T/said" || skip "doctor is silent"
saw "$(grep networks "$T/said")"
grep -v ' ok:' "$T/said" | grep -qE '10\.100\.0\.53|name ?server' && pass "doctor names the name server"
fail "doctor is silent, and after up no name is resolved"
