#!/bin/sh
# needs: docker.io here; starts a second, private dockerd; ~20 s
# daemon.json of the administrator names a log driver; the role adds size limits that this driver refuses.
. "$(dirname "$0")/lib.sh"
tools
role_docker 'echo "{\"log-driver\": \"journald\"}" >/etc/docker/daemon.json'
at_end || { tail_log; pass "the role refused before it wrote"; }
saw "$(tr -d '\n ' <"$T/etc/daemon.json")"
if dockerd_start "$T/etc/daemon.json" "$T/dockerd.log"; then pass "dockerd starts with the merged file"; fi
saw "$(grep -E 'failed to start|log opt' "$T/dockerd.log" | tail -n 1)"
grep -q 'log opt' "$T/dockerd.log" || skip "dockerd did not start for another reason: $(tail -n 1 "$T/dockerd.log")"
fail "dockerd does not start with the merged daemon.json"
