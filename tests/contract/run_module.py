"""Run one module file as Ansible does on a host: ``python run_module.py FILE`` with the arguments on stdin."""

import json
import runpy
import sys
from pathlib import Path

import ansible.module_utils
from ansible.module_utils import basic

ansible.module_utils.__path__.append(str(Path(__file__).resolve().parents[2] / "module_utils"))
# What the wrapper of ansible-core sets in the modules that it ships.
basic._ANSIBLE_ARGS = json.dumps({"ANSIBLE_MODULE_ARGS": json.load(sys.stdin)}).encode()
basic._ANSIBLE_PROFILE = "legacy"
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
