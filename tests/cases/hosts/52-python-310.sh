#!/bin/sh
# needs: nothing (a Python before 3.11 when there is one, else its documented behaviour); ~3 s
# The machine runs Ubuntu 22.04 (Python 3.10) or Debian 11 (3.9): datetime.fromisoformat takes no "Z" there.
. "$(dirname "$0")/lib.sh"
tools
old=
for p in python3.10 python3.9 pypy3; do command -v $p >/dev/null && "$p" -c 'import sys; sys.exit(sys.version_info >= (3, 11))' && old=$p && break; done
cat >"$T/look.py" <<'PY'
import importlib.util, os, sys
spec = importlib.util.spec_from_file_location("minikube_api", os.environ["ROOT"] + "/plugins/module_utils/minikube/node_api.py")
api = importlib.util.module_from_spec(spec)
sys.modules["minikube_api"] = api
spec.loader.exec_module(api)
if sys.version_info >= (3, 11):
    class Before311(api.datetime):
        @classmethod
        def fromisoformat(cls, text):
            if text.endswith(("Z", "z")):
                raise ValueError(f"Invalid isoformat string: {text!r}")
            return super().fromisoformat(text)
    api.datetime = Before311
print("read", api.is_fresh({"spec": {"renewTime": "2026-01-01T00:00:00.000000Z"}}, 0.0))
PY
PYTHONPATH="$ROOT/collections" "${old:-$venv/python}" "$T/look.py" >"$T/log" 2>&1
saw "${old:-simulated}: $(tail -n 1 "$T/log")"
grep -q '^read' "$T/log" && pass "the time is read"
grep -rqE 'python_version|python.*3\.11' roles/minikube/tasks roles/docker/tasks && pass "such a machine is refused by name"
fail "the module dies with a traceback on such a machine, after its cluster was made"
