#!/bin/sh
# needs: nothing (no host is reached); ~6 s
# inventories/example as its own comment says: copied, machines named, no ansible_host. Does the module minikube take the ports?
. "$(dirname "$0")/lib.sh"
tools
cp -rL inventories/example "$T/inv"
ANSIBLE_LOAD_CALLBACK_PLUGINS=1 ANSIBLE_STDOUT_CALLBACK=ansible.posix.json \
    ansible -i "$T/inv" node1.example.org -m debug -a var=minikube_ports >"$T/ports" 2>"$T/err"
pymodule "$T/ports" >"$T/said" 2>&1 <<'PY'
import json
from ansible_collections.slipway.lab.plugins.module_utils.minikube.ports import parse_port
for text in json.load(open(sys.argv[1]))["plays"][0]["tasks"][0]["hosts"]["node1.example.org"]["minikube_ports"]:
    print("takes", parse_port(text))
PY
saw "$(tail -n 1 "$T/said" | cut -c1-200)"
grep -q SpecError "$T/said" && fail "up of the shipped example ends in the phase minikube, after Docker was installed on all machines"
grep -q '^takes' "$T/said" || skip "the ports could not be read"
pass "the ports are taken"
