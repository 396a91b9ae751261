#!/bin/sh
# needs: nothing (a root directory of its own for doctor, the rest is reading); ~3 s
# br_netfilter is a module that is not loaded (Docker 28 and newer no longer load it). doctor reports "can be loaded": by which program?
. "$(dirname "$0")/lib.sh"
tools
mkdir -p "$T/r/proc/sys/kernel" "$T/r/lib/modules/6.12.0"
echo 6.12.0 >"$T/r/proc/sys/kernel/osrelease"
echo 'kernel/net/bridge/br_netfilter.ko.xz: kernel/net/bridge/bridge.ko.xz' >"$T/r/lib/modules/6.12.0/modules.dep"
said=$(pyrun "$T/r" <<'PY'
import sys
from pathlib import Path
from slipway.doctor import kernel
from slipway.doctor.machine import Machine
from slipway.lab.project import locate
found = kernel.bridge(Machine(locate(), root=Path(sys.argv[1])))
print(found.level, found.message)
PY
)
saw "$said"
saw "loaders: $(grep -rlE 'br_netfilter|/lib/modules' roles playbooks src --include='*' | grep -v doctor | tr '\n' ' ')"
case $said in warning* | error*) pass "doctor reports it" ;; esac
grep -rqE 'modprobe.*br_netfilter|name: br_netfilter|/lib/modules' roles playbooks && pass "something loads it, or hosts can"
fail "doctor counts on it, and nothing of Slipway loads it"
