#!/bin/sh
# needs: nothing (an engine that only reports its kind); ~6 s
# DOCKER_HOST leads to an engine on which no container host can run: the engine is rootless: hosts need a real root.
. "$(dirname "$0")/lib.sh"
tools
"$venv/python" "$here/fake_docker.py" "$T/s" rootless &
undo="kill $!"
n=0; until [ -S "$T/s" ] || [ $n -gt 50 ]; do sleep 0.1; n=$((n + 1)); done
DOCKER_HOST=unix://$T/s ./slipway doctor --json >"$T/doctor" 2>"$T/err"
said=$(doctor_says docker "$T/doctor")
saw "${said:-$(tail -n 1 "$T/err")}"
if doctor_says '*' "$T/doctor" | grep -v ' ok:' | grep -qiE 'rootless'; then pass "doctor reports: the engine is rootless: hosts need a real root"; fi
fail "doctor does not report that the engine is rootless: hosts need a real root"
