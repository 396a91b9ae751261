#!/bin/sh
# needs: running lab (reads only); ~12 s
# The machine speaks German, and so does Minikube. Are its reason and advice still understood?
. "$(dirname "$0")/lib.sh"
tools
lab
pymodule >"$T/env" 2>/dev/null <<'PY'
from pathlib import Path
from ansible_collections.slipway.lab.plugins.module_utils.minikube.paths import minikube_environment
for name, value in minikube_environment(Path("/home/minikube/.minikube"), Path("/home/minikube/.kube/config")).items():
    print("-e", f"{name}={value}")
PY
say() { # shellcheck disable=SC2046 # words
    docker exec -u minikube -e HOME=/home/minikube -e LC_ALL="$1" -e LANG="$1" -e LANGUAGE="${1%%.*}" $(cat "$T/env") "$host" \
        minikube addons enable no-such-addon -p minikube >"$2" 2>&1
}
say C.UTF-8 "$T/en"
say de_DE.UTF-8 "$T/de"
saw "$(tail -n 2 "$T/de" | tr '\n' ' ' | cut -c1-160)"
cmp -s "$T/en" "$T/de" && pass "the module makes Minikube speak English"
pymodule "$T/en" "$T/de" >"$T/said" 2>&1 <<'PY'
from ansible_collections.slipway.lab.plugins.module_utils.minikube.cli import Outcome, failure
for path in sys.argv[1:]:
    error = failure(Outcome(["addons", "enable"], 1, [], "", open(path).read()))
    print("id", error.details.get("id") or "NONE", "|", error.message[:80].replace("\n", " "))
PY
saw "$(tr '\n' ';' <"$T/said" | cut -c1-250)"
sed -n 1p "$T/said" | grep -q 'id NONE' && skip "English is not understood either"
sed -n 2p "$T/said" | grep -q 'id NONE' && fail "in German the reason is not found in Minikube's output"
pass "understood"
