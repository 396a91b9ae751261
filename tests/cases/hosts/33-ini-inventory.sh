#!/bin/sh
# needs: nothing; ~3 s
# The inventory is an INI file, as most are. What does doctor take this machine for, and which checks are left out?
. "$(dirname "$0")/lib.sh"
tools
printf '[control]\nlocalhost ansible_connection=local\n\n[lab_hosts]\nlab1 ansible_host=10.213.0.11\n\n[docker_hosts:children]\nlab_hosts\n\n[minikube_hosts]\nlab1\n' >"$T/hosts.ini"
said=$(pyrun "$T/hosts.ini" <<'PY'
import sys
from slipway.doctor import CHECKS
from slipway.doctor.machine import Machine
from slipway.lab.project import locate
machine = Machine(locate([sys.argv[1]]))
print(machine.role, [check.name for check in CHECKS if machine.role not in check.roles])
PY
)
saw "$said"
case $said in carries*) pass "a machine that carries container hosts" ;; '') skip "no answer" ;; esac
fail "memory, disks, kernel, Docker, ports and networks are not looked at"
