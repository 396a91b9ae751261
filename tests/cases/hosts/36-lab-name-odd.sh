#!/bin/sh
# needs: nothing (changes nothing); ~10 s
# Names of labs that cannot be: with a slash, with a space, and one that leads out of the state directory.
. "$(dirname "$0")/lib.sh"
tools
for name in team/alice 'My Lab' ../../..; do
    rm -rf "$T/inv"
    cp -rL inventories/lab "$T/inv"
    echo "slipway_lab: '$name'" >"$T/inv/group_vars/all/zz-lab.yml"
    ./slipway doctor -i "$T/inv" --json >"$T/doctor" 2>/dev/null
    reported=$(doctor_says '*' "$T/doctor" | grep -v ' ok:' | grep -c slipway_lab)
    state=$(pyrun "$T/inv" <<'PY'
import os, sys
from slipway.lab.project import locate
print(os.path.normpath(locate([sys.argv[1]]).state))
PY
)
    echo "$name reported=$reported state=$state" >>"$T/said"
done
saw "$(tr '\n' ';' <"$T/said")"
grep -q reported=0 "$T/said" && fail "accepted; teardown deletes bin, registry, grafana and kubeconfig below that directory"
pass "all are refused"
