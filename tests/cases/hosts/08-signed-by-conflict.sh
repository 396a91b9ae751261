#!/bin/sh
# needs: running lab (writes and removes APT sources in lab1, leaves python3-debian); ~25 s
# The machine has Docker's repository by Docker's own instructions, with its own key file.
. "$(dirname "$0")/lib.sh"
tools
lab
list=/etc/apt/sources.list.d/docker.list
undo="docker exec $host rm -f $list /etc/apt/sources.list.d/slipway-docker.sources /etc/apt/keyrings/slipway-docker.asc"
docker exec "$host" sh -c "echo 'deb [signed-by=/etc/apt/keyrings/docker.asc] http://127.0.0.1:9/linux/debian trixie stable' >$list"
sum=$(docker exec "$host" sha256sum /usr/lib/os-release | cut -d' ' -f1)
cat >"$T/play.yml" <<YML
- hosts: lab1
  gather_facts: true
  tasks:
    - ansible.builtin.include_role: {name: docker, tasks_from: official}
      vars:
        docker_source: official
        docker_apt_url: http://127.0.0.1:9/linux
        docker_apt_key_url: file:///usr/lib/os-release
        docker_apt_key_checksum: "sha256:$sum"
YML
# The role's packages are installed before its own source exists: APT with two keys installs nothing.
docker exec "$host" mv $list $list.off
ansible lab1 -i inventories/lab -b -m apt -a 'name=python3-debian install_recommends=false' >"$T/log" 2>&1 || { tail_log; skip "python3-debian cannot be installed"; }
docker exec "$host" mv $list.off $list
ansible-playbook -i inventories/lab "$T/play.yml" >"$T/log" 2>&1
saw "$(docker exec "$host" sh -c 'apt-get check 2>&1 | tail -n 2' | tr '\n' ' ')"
if docker exec "$host" sh -c 'apt-get check 2>&1' | grep -q 'Conflicting values set for option Signed-By'; then
    fail "after the role APT of the host no longer reads any source"
fi
pass "APT still works: $(grep -E 'fatal|msg:' "$T/log" | tail -n 1 | cut -c1-160)"
