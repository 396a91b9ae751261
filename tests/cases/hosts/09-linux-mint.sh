#!/bin/sh
# needs: nothing (a private /etc/os-release, check mode only); ~12 s
# A derivative of Ubuntu (its family is Debian, which is all that the role asks): which repository would it get?
. "$(dirname "$0")/lib.sh"
tools
cat >"$T/os" <<'OS'
NAME="Linux Mint"
VERSION="22 (Wilma)"
ID=linuxmint
ID_LIKE="ubuntu debian"
PRETTY_NAME="Linux Mint 22"
VERSION_ID="22"
VERSION_CODENAME=wilma
UBUNTU_CODENAME=noble
OS
uris=$(awk '/^ *uris:/ { sub(/^ *uris: */, ""); print; exit }' roles/docker/tasks/official.yml)
suites=$(awk '/^ *suites:/ { sub(/^ *suites: */, ""); print; exit }' roles/docker/tasks/official.yml)
cat >"$T/role.yml" <<'YML'
- hosts: localhost
  connection: local
  gather_facts: true
  roles:
    - role: docker
      vars: {docker_source: official, docker_apt_key_url: "file:///dev/null"}
YML
cat >"$T/look.yml" <<YML
- hosts: localhost
  connection: local
  gather_facts: true
  vars_files: [$ROOT/roles/docker/defaults/main.yml, $ROOT/roles/docker/vars/main.yml]
  vars: {uri: ${uris:-none}, suite: ${suites:-none}}
  tasks:
    - ansible.builtin.debug: {msg: "REPOSITORY={{ uri }}={{ suite }}="}
YML
unshare -m --propagation private sh -c 'mount --bind "$T/os" "$(readlink -f /etc/os-release)" || exit 77
    ansible-playbook -i localhost, "$T/role.yml" --check >"$T/role.log" 2>&1
    ansible-playbook -i localhost, "$T/look.yml" >"$T/log" 2>&1'
grep -qE '(msg:|fatal).*runs Linux ?[Mm]int' "$T/role.log" && pass "refused by name"
line=$(grep -o 'REPOSITORY=[^"]*=' "$T/log" | head -n 1)
[ -n "$line" ] || { tail_log; skip "the repository could not be read"; }
saw "$line"
case $line in *"/ubuntu=noble="*) pass "Ubuntu's repository" ;; esac
fail "a repository that does not exist"
