#!/bin/sh
# needs: nothing (no host is reached); ~8 s
# A machine with an IPv6 address as ansible_host.
. "$(dirname "$0")/lib.sh"
tools
cp -rL inventories/example "$T/inv"
sed -i 's/^\( *\)node1.example.org:.*/\1node1.example.org: {ansible_host: "2001:db8::5"}/' "$T/inv/hosts.yml"
server=$(sed -n 's/^minikube_control_server: *//p' roles/minikube/defaults/main.yml)
cat >"$T/play.yml" <<YML
- hosts: node1.example.org
  connection: local
  gather_facts: false
  vars:
    server: ${server:-none}
  tasks:
    - ansible.builtin.debug: {msg: {app: "{{ slipway_app_url }}", server: "{{ minikube_control_server | default(server) }}"}}
YML
last_msg node1.example.org -i "$T/inv" "$T/play.yml" >"$T/urls.json" || { tail_log; skip "not templated: $(tail -n 1 "$T/err")"; }
pyrun "$T/urls.json" >"$T/said" 2>&1 <<'PY'
import json, sys
from urllib.parse import urlsplit
urls = json.load(open(sys.argv[1]))
for name in ("app", "server"):
    try:
        parts = urlsplit(urls[name])
        good = parts.hostname == "2001:db8::5" and bool(parts.port)
    except ValueError:
        good = False
    print("good" if good else "BAD", name, urls[name])
PY
saw "$(tr '\n' ';' <"$T/said")"
grep -q BAD "$T/said" && fail "addresses without brackets"
grep -q good "$T/said" || skip "no answer"
pass "IPv6 addresses are written as URLs want them"
