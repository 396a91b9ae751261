#!/bin/sh
# needs: docker.io here (check mode only); ~10 s
# Debian gives users no /usr/sbin in PATH. Is the control machine's engine, /usr/sbin/dockerd, still used as it is?
. "$(dirname "$0")/lib.sh"
tools
[ "$(command -v dockerd)" = /usr/sbin/dockerd ] || skip "needs /usr/sbin/dockerd"
docker version >/dev/null 2>&1 || skip "needs a running Docker"
cat >"$T/play.yml" <<'YML'
- hosts: control
  gather_facts: true
  gather_subset: ["!all", "!min", architecture, distribution, env, service_mgr, user]
  roles: [docker]
YML
PATH="$venv:/usr/local/bin:/usr/bin:/bin" ansible-playbook -i inventories/lab "$T/play.yml" --check >"$T/log" 2>&1
saw "$(grep -E '^TASK' "$T/log" | sed 's/ \**$//' | tr '\n' ';' | cut -c1-400)"
grep -q 'Check for an existing engine' "$T/log" || { tail_log; skip "the role looked otherwise"; }
if grep -qE 'Merge the settings into daemon.json|Install the packages' "$T/log"; then
    fail "docker_keep_existing: the running engine is not found, and would be installed over and configured"
fi
pass "the engine is kept as it is"
