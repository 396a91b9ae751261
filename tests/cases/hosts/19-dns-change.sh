#!/bin/sh
# needs: running lab (check mode only, a private resolv.conf); ~12 s
# The laptop moved to another network, or a VPN came up: the name server is another one. The lab must survive the next `up`.
. "$(dirname "$0")/lib.sh"
tools
lab
file=/etc/resolv.conf
[ ! -e /run/systemd/resolve/resolv.conf ] || file=/run/systemd/resolve/resolv.conf
file=$(readlink -f $file)
echo 'nameserver 192.0.2.53' >"$T/resolv"
export file
ansible-playbook -i inventories/lab playbooks/site.yml -t hosts --check >"$T/before" 2>&1
grep -A 3 'Remove the container' "$T/before" | grep -q changed && skip "the host would be recreated anyway"
unshare -m --propagation private sh -c 'mount --bind "$T/resolv" "$file" || exit 77
    ansible-playbook -i inventories/lab playbooks/site.yml -t hosts --check >"$T/log" 2>&1'
saw "$(grep -E '^TASK|changed:' "$T/log" | sed 's/ \**$//' | grep -B 1 changed | grep -v '^--' | tr '\n' ' ' | cut -c1-300)"
grep -A 3 -E 'Remove the container|Remove what Docker' "$T/log" | grep -q changed &&
    fail "up would remove the host with its volumes, so the whole cluster, because the name server changed"
pass "the host stays"
