#!/bin/sh
# needs: running lab (dpkg of lab1 is left as a kill leaves it, then mended; installs and removes the package tree); ~40 s
# A run was killed while dpkg worked. "The next up continues from there."
. "$(dirname "$0")/lib.sh"
tools
lab
undo="docker exec $host sh -c 'dpkg --configure -a; apt-get purge -y -q tree'"
docker exec "$host" sh -c 'dpkg -s less >/var/lib/dpkg/updates/0001'
docker exec "$host" sh -c 'apt-get -y --no-download install tree 2>&1' | grep -q 'dpkg was interrupted' || skip "dpkg was not left interrupted"
cat >"$T/play.yml" <<'YML'
- hosts: lab1
  gather_facts: false
  roles:
    - role: docker
      vars: {docker_extra_packages: [tree]}
YML
ansible-playbook -i inventories/lab "$T/play.yml" >"$T/log" 2>&1 && pass "the role continued"
saw "$(grep -oE 'dpkg was interrupted[^\\"]*' "$T/log" | head -n 1)"
grep -q 'dpkg was interrupted' "$T/log" || { tail_log; skip "another failure"; }
fail "the host stays as it is until dpkg runs by hand"
