#!/bin/sh
# needs: nothing (a small file system of its own); ~3 s
# The disk has room, and no inode left.
. "$(dirname "$0")/lib.sh"
tools
mkdir -p "$T/disk"
mount -t tmpfs -o size=64g,nr_inodes=32 case "$T/disk" || skip "no tmpfs"
mkdir "$T/disk/slipway"
n=0; while (: >"$T/disk/f$n") 2>/dev/null; do n=$((n + 1)); done
saw "$(df -i "$T/disk" | tail -n 1 | tr -s ' ')"
said=$(pyrun "$T/disk/slipway" <<'PY'
import dataclasses, sys
from pathlib import Path
from slipway.doctor import resources
from slipway.doctor.machine import Machine
from slipway.lab.project import locate
found = resources.cache_disk(Machine(dataclasses.replace(locate(), cache=Path(sys.argv[1]))))
print(found.level, found.message)
PY
)
saw "$said"
case $said in ok*) fail "doctor finds the disk fit" ;; error* | warning*) pass "doctor reports it" ;; esac
skip "no answer"
