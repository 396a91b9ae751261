#!/bin/sh
# needs: nothing; ~3 s
# The inventory has ansible_become_password (vault), or Ansible a become_password_file. A user whose sudo asks for one must get past doctor.
. "$(dirname "$0")/lib.sh"
tools
cp -rL inventories/local "$T/inv"
mkdir -p "$T/inv/host_vars"
echo 'ansible_become_password: "{{ lookup(\"env\", \"SUDO_PASSWORD\") }}"' >"$T/inv/host_vars/localhost.yml"
pyrun "$T/inv" >"$T/said" 2>&1 <<'PY'
import sys
from slipway.doctor import tools
from slipway.doctor.docker_api import DockerState
from slipway.doctor.machine import Machine
from slipway.lab.project import locate
for name, extra in (("inventory", {}), ("environment", {"ANSIBLE_BECOME_PASSWORD_FILE": "/run/secrets/sudo"})):
    machine = Machine(locate([sys.argv[1]]), uid=1000, environ={"PATH": "/nonexistent", **extra})
    machine.__dict__["docker"] = DockerState(problem="not running")
    found = tools.privileges(machine)
    print(name, found.level, found.message)
PY
saw "$(tr '\n' ';' <"$T/said")"
grep -q ' error ' "$T/said" && fail "up is stopped, although Ansible has the password"
grep -qE ' (ok|warning) ' "$T/said" || skip "no answer"
pass "the password of the inventory counts"
