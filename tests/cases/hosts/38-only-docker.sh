#!/bin/sh
# needs: nothing (check mode, report only); ~8 s
# A user needs Docker on the machines and no cluster: an inventory without minikube_hosts.
. "$(dirname "$0")/lib.sh"
tools
mkdir -p "$T/inv/group_vars/all"
cp -rL inventories/common "$T/inv/group_vars/all/"
cat >"$T/inv/hosts.yml" <<'YML'
all:
  children:
    control:
      hosts:
        localhost: {ansible_connection: local, ansible_python_interpreter: "{{ ansible_playbook_python }}"}
    docker_hosts:
      hosts:
        localhost:
YML
XDG_STATE_HOME=$T/state ansible-playbook -i "$T/inv" playbooks/site.yml -t report --check >"$T/log" 2>&1
rc=$?
saw "rc $rc: $(grep -E 'msg:|undefined|attribute' "$T/log" | tail -n 1 | cut -c1-200)"
[ $rc -eq 0 ] && pass "it ends well"
grep -qE "no cluster|minikube_hosts.*(empty|missing|no host|group)" "$T/log" && pass "the error names the missing group"
fail "an error of templating"
