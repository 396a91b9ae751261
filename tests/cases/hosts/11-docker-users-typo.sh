#!/bin/sh
# needs: running lab (check mode only); ~12 s
# docker_users names an account that does not exist (a typo, or a user of LDAP): an account must not come into being by it.
. "$(dirname "$0")/lib.sh"
tools
lab
cat >"$T/play.yml" <<'YML'
- hosts: lab1
  gather_facts: false
  roles:
    - role: docker
      vars: {docker_users: [alcie]}
YML
ansible-playbook -i inventories/lab "$T/play.yml" --check >"$T/log" 2>&1
grep -q 'Check the users of the group docker' "$T/log" || { tail_log; skip "the role ended earlier"; }
saw "$(grep -A 3 'Check the users of the group docker' "$T/log" | tr '\n' ' ' | tr -s '* ' | cut -c1-200)"
if grep -A 6 'Check the users of the group docker' "$T/log" | grep -q 'changed:.*alcie'; then
    fail "a new account alcie, with the rights of root, would be made"
fi
pass "no account would be made"
