#!/bin/sh
# needs: docker here (changes nothing); ~5 s
# The user's docker talks to another engine by its context (Docker Desktop, rootless, a remote one). Roles call `docker` beside
# modules that take the default socket: does doctor look at the engine that the command uses?
. "$(dirname "$0")/lib.sh"
tools
name=$(printf case | sha256sum | cut -d' ' -f1)
mkdir -p "$T/dc/contexts/meta/$name"
echo '{"currentContext": "case"}' >"$T/dc/config.json"
echo '{"Name":"case","Metadata":{},"Endpoints":{"docker":{"Host":"unix:///nonexistent/docker.sock","SkipTLSVerify":false}}}' \
    >"$T/dc/contexts/meta/$name/meta.json"
saw "docker: $(DOCKER_CONFIG=$T/dc docker info --format ok 2>&1 | tail -n 1 | cut -c1-120)"
DOCKER_CONFIG=$T/dc docker info --format ok 2>&1 | grep -q nonexistent || skip "this docker has no contexts"
DOCKER_CONFIG=$T/dc ./slipway doctor --json >"$T/doctor" 2>"$T/err"
saw "$(doctor_says docker "$T/doctor")"
case $(doctor_says docker "$T/doctor") in *" ok:"*) fail "doctor looks at the default socket only" ;; '') skip "doctor is silent" ;; esac
pass "doctor names it"
