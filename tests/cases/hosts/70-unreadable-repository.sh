#!/bin/sh
# needs: image of a host; makes a container of its own; ~40 s
# A foreign repository of the host cannot be read (an expired key, a server that is gone). The packages come from others.
. "$(dirname "$0")/lib.sh"
tools
image
name=slipway-case70-$$
undo="docker rm -f $name"
docker run -d --name "$name" --network host --entrypoint sleep \
    "$(docker image ls --format '{{.Repository}}:{{.Tag}}' slipway/host-debian13 | head -n 1)" 600 >/dev/null || skip "no container"
docker exec "$name" sh -c 'apt-get update' >"$T/log" 2>&1 || { tail_log 3; skip "no package server answers"; }
docker exec "$name" sh -c "echo 'deb http://127.0.0.1:9/debian gone main' >/etc/apt/sources.list.d/gone.list"
# Lists of two days ago are read again before the installation.
docker exec "$name" sh -c 'touch -d "2 days ago" /var/lib/apt/lists; rm -f /var/lib/apt/periodic/*'
cat >"$T/play.yml" <<'YML'
- hosts: all
  gather_facts: false
  roles:
    - role: packages
      vars: {packages_owner: case70, packages_names: ["{{ name }}"]}
YML
play() {
    ansible-playbook -i "$name," -c community.docker.docker -e packages_bundle_dir= -e ansible_become=false -e name="$1" "$T/play.yml" >"$T/log" 2>&1
}
play tree || { tail_log; fail "the package of another repository is not installed"; }
docker exec "$name" dpkg -s tree >/dev/null 2>&1 || fail "the package is missing"
saw "tree is installed"
play no-such-package && fail "a package that does not exist is installed"
grep -q '127.0.0.1:9' "$T/log" || { tail_log; fail "the repository that cannot be read is not named"; }
saw "$(grep -o "No package matching[^\"]*" "$T/log" | tail -n 1)"
pass "the package is installed, and a missing one is reported with the repository that cannot be read"
