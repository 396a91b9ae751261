# Sourced by every case. Exit status: 0 PASS, 1 FAIL, 77 SKIP (a requirement of the case is missing).
# SLIPWAY_ROOT is the checkout (default: this directory, which must hold ./slipway), SLIPWAY_LAB the lab.
set -u
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
ROOT=${SLIPWAY_ROOT:-$PWD}
LAB=${SLIPWAY_LAB:-default}
host=slipway-$LAB-lab1
T=$(mktemp -d /tmp/case.XXXXXX)
undo=:
export T ROOT LAB here

finish() {
    status=$?
    trap - EXIT
    eval "$undo" >/dev/null 2>&1
    awk -v t="$T/" 'index($2, t) == 1 { print $2 }' /proc/mounts | sort -r | while read -r m; do umount -l "$m"; done
    cd / && rm -rf "$T"
    exit "$status"
}
trap finish EXIT
trap 'exit 130' INT TERM

pass() { echo "PASS: $*"; exit 0; }
fail() { echo "FAIL: $*"; exit 1; }
skip() { echo "SKIP: $*"; exit 77; }
saw() { printf '  saw: %s\n' "$*"; }
tail_log() { sed 's/^/  | /' "$T/log" | tail -n "${1:-12}"; }

# Slipway's own environment: Ansible and Python of ./slipway, from the checkout's directory.
tools() {
    [ -x "$ROOT/slipway" ] || skip "no checkout at $ROOT (set SLIPWAY_ROOT)"
    cd "$ROOT" || exit 77
    lines=$("$ROOT/slipway" env 2>"$T/env.err") || skip "no environment: $(tail -n 1 "$T/env.err")"
    eval "$lines"
    unset KUBECONFIG ANSIBLE_INVENTORY
    venv=$(dirname "$(command -v ansible-playbook)")
    [ ! -x /usr/bin/python3 ] || export ANSIBLE_PYTHON_INTERPRETER=/usr/bin/python3
    export venv PYTHONDONTWRITEBYTECODE=1 ANSIBLE_NOCOLOR=1 ANSIBLE_FORCE_HANDLERS=False LC_ALL=C.UTF-8
}

pyrun() { PYTHONPATH="$ROOT/src:$ROOT/collections" "$venv/python" - "$@"; }

# As above, with the names that module scripts use.
pymodule() { { echo "import os, sys"; cat; } | pyrun "$@"; }

lab() { [ "$(docker inspect -f '{{.State.Running}}' "$host" 2>/dev/null)" = true ] || skip "needs a running lab ($host)"; }
image() { docker image ls --format '{{.Repository}}' | grep -q '^slipway/host-debian13$' || skip "needs the image of a host (run up once)"; }

# doctor_says CHECK FILE: "level: message" of one check, out of the JSON of doctor.
doctor_says() {
    "$venv/python" -c 'import json, sys
for one in json.load(open(sys.argv[2]))["findings"]:
    if sys.argv[1] in ("*", one["check"]): print(one["check"] + " " + one["level"] + ": " + one["message"])' "$1" "$2"
}

# An inventory like inventories/lab, with names and addresses that no other lab has. private_inventory THIRD_OCTET HOST
private_inventory() {
    cp -rL "$ROOT/inventories/lab" "$T/inv"
    find "$T/inv" -type f -exec sed -i "s/10\.213\.0\./10.213.$1./g" {} +
    sed -i "s/^\( *\)lab1:/\1$2:/" "$T/inv/hosts.yml"
}

# role_docker PREPARE [ARGUMENTS]: the tasks of roles/docker (present.yml) on this machine with an /etc/docker of its own,
# which PREPARE (shell) fills first; it ends up in $T/etc. No handler runs: the play fails on purpose at its end.
role_docker() {
    [ "$(dpkg-query -W -f '${db:Status-Status}' docker.io 2>/dev/null)" = installed ] || skip "needs Debian's docker.io"
    cat >"$T/role.yml" <<'YML'
- hosts: localhost
  connection: local
  gather_facts: true
  tasks:
    - ansible.builtin.include_role: {name: docker, tasks_from: present}
    - ansible.builtin.debug: {msg: REACHED-THE-END}
    - ansible.builtin.fail: {msg: on purpose, so that no handler touches the Docker of this machine}
YML
    unshare -m --propagation private sh -c '
        mount -t tmpfs -o mode=755 case /etc/docker || exit 77
        mkdir -p /var/lib/slipway && mount -t tmpfs case /var/lib/slipway
        eval "$1"
        shift
        ansible-playbook -i localhost, "$T/role.yml" "$@" >"$T/log" 2>&1
        mkdir -p "$T/etc"
        cp -a /etc/docker/. "$T/etc/"
        true
    ' role "$@" || skip "no private mounts here"
}
at_end() { grep -q REACHED-THE-END "$T/log"; }

# dockerd_start CONFIG LOG: a second dockerd in a network of its own; true when it serves. dockerd_stop ends it.
dockerd_start() {
    mkdir -p "$T/d"
    unshare -n sh -c '
        ip link set lo up
        exec dockerd --config-file "$1" --data-root "$0/data" --exec-root "$0/exec" --pidfile "$0/pid" -H "unix://$0/s" \
            --storage-driver vfs --iptables=false --containerd-namespace case --containerd-plugins-namespace case-plugins
    ' "$T/d" "$1" >"$2" 2>&1 &
    dockerd=$!
    undo='dockerd_stop'
    n=0
    while [ "$n" -lt 60 ] && kill -0 "$dockerd" 2>/dev/null && ! grep -q 'API listen on' "$2"; do
        sleep 0.5
        n=$((n + 1))
    done
    grep -q 'API listen on' "$2" && kill -0 "$dockerd" 2>/dev/null
}
dockerd_stop() { kill "$dockerd" 2>/dev/null; wait "$dockerd" 2>/dev/null; }

# last_msg HOST PLAYBOOK ARGUMENTS: run a play and print, as JSON, the msg of its last debug task on HOST.
last_msg() {
    on=$1
    shift
    ANSIBLE_LOAD_CALLBACK_PLUGINS=1 ANSIBLE_STDOUT_CALLBACK=ansible.posix.json ansible-playbook "$@" >"$T/log" 2>"$T/err"
    "$venv/python" -c 'import json, sys
plays = json.load(open(sys.argv[2]))["plays"]
hosts = [task["hosts"][sys.argv[1]] for play in plays for task in play["tasks"] if sys.argv[1] in task["hosts"]]
print(json.dumps([one["msg"] for one in hosts if "msg" in one and not one.get("failed")][-1]))' "$on" "$T/log" 2>>"$T/err"
}
