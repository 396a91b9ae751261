#!/bin/sh
# needs: nothing (no host is reached); ~6 s
# docker_proxy is the office's proxy, without no_proxy. Nodes' image and registry come from the mirror, on the lab's own network.
. "$(dirname "$0")/lib.sh"
tools
cat >"$T/play.yml" <<YML
- hosts: lab1
  gather_facts: false
  tasks:
    - ansible.builtin.include_vars: $ROOT/roles/docker/vars/main.yml
    - ansible.builtin.debug: {msg: "{{ __docker_proxy_environment }}"}
YML
last_msg lab1 -i inventories/lab "$T/play.yml" -e '{"docker_proxy": {"http": "http://proxy.example.org:3128", "https": "http://proxy.example.org:3128"}}' \
    >"$T/proxy.json" || { tail_log; skip "not templated: $(tail -n 1 "$T/err")"; }
saw "$(cat "$T/proxy.json")"
grep -q '10\.213\.0\.' "$T/proxy.json" && pass "the mirror is asked directly"
fail "the engine of the host would ask the proxy for the lab's own mirror"
