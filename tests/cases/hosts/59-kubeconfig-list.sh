#!/bin/sh
# needs: nothing; ~3 s
# KUBECONFIG lists several files, with an empty part and one that is missing, and the second is a link.
. "$(dirname "$0")/lib.sh"
tools
config() { printf 'apiVersion: v1\nkind: Config\ncurrent-context: %s\ncontexts: [{name: %s, context: {cluster: %s, user: %s}}]\nclusters: [{name: %s, cluster: {server: "https://%s.example.org:6443"}}]\nusers: [{name: %s, user: {token: %s}}]\n' "$1" "$1" "$1" "$1" "$1" "$1" "$1" "$1"; }
config first >"$T/first"
config second >"$T/real"
ln -s real "$T/second"
KUBECONFIG="$T/first::$T/missing:$T/second:" pymodule >"$T/said" 2>&1 <<'PY'
from ansible_collections.slipway.lab.plugins.module_utils.kube.auth import connect
for context in (None, "second"):
    print(connect({"context": context}).host)
PY
saw "$(tr '\n' ' ' <"$T/said" | cut -c1-200)"
[ "$(tr '\n' ' ' <"$T/said")" = "https://first.example.org:6443 https://second.example.org:6443 " ] && pass "merged as kubectl does"
fail "not merged as kubectl does"
