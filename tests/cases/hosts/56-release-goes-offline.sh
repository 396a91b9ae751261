#!/bin/sh
# needs: nothing (a small server on loopback; only the first tasks of the role); ~12 s
# The lab was made from releases; now the train has no network, or the site takes 4 s once. slipway_source is auto.
. "$(dirname "$0")/lib.sh"
tools
unset http_proxy HTTP_PROXY https_proxy HTTPS_PROXY
pyrun "$T/tasks.yml" <<'PY' || skip "the tasks are not where they were"
import os, sys, yaml
tasks = yaml.safe_load(open(os.environ["ROOT"] + "/roles/mirror/tasks/prepare.yml"))
names = [task["name"] for task in tasks]
chosen = tasks[1 : names.index("Print the chosen source") + 1]
yaml.safe_dump([task for task in chosen if "sets" not in task["name"]], open(sys.argv[1], "w"), sort_keys=False)
PY
cat >"$T/play.yml" <<YML
- hosts: control
  gather_facts: true
  gather_subset: ["!all", "!min", architecture, env, user]
  vars_files: [$ROOT/upstream/versions.yml, $ROOT/roles/mirror/defaults/main.yml, $ROOT/roles/mirror/vars/main.yml]
  tasks:
    - ansible.builtin.include_tasks: $T/tasks.yml
YML
export XDG_STATE_HOME="$T/state"
mkdir -p "$T/state/slipway/default" "$T/srv"
version=$("$venv/python" -c 'import yaml; print(yaml.safe_load(open("upstream/versions.yml"))["slipway_versions"]["kubernetes"])')
arch=$(uname -m | sed 's/x86_64/amd64/; s/aarch64/arm64/')
mkdir -p "$T/srv/$version/bin/linux/$arch" && echo sum >"$T/srv/$version/bin/linux/$arch/kubectl.sha256"
(cd "$T/srv" && exec "$venv/python" -m http.server --bind 127.0.0.1 18548 >/dev/null 2>&1) &
server=$!
undo="kill $server"
sleep 1
run() { ansible-playbook -i inventories/lab "$T/play.yml" -e slipway_source=auto -e mirror_release_kubernetes_url=http://127.0.0.1:18548 >"$T/log" 2>&1; grep -oE 'Source: [a-z ]+' "$T/log" | head -n 1; }
a=$(run)
kill $server
echo '{"ready": true, "source": "release"}' >"$T/state/slipway/default/report.json"
b=$(run)
saw "with the site: $a; without it, on a lab of releases: $b"
case $a in *official*) ;; *) tail_log; skip "the site was not seen" ;; esac
case $b in *official*) pass "the lab stays with its source" ;; esac
fail "the source flips: Go and twenty minutes of building, another node image, and a cluster that must be recreated"
