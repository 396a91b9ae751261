"""Plugins that the main process loads for all tasks."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[4]
# In a process of its own: Ansible's plugin loaders are global.
SCRIPT = """
import os
from ansible.plugins.loader import init_plugin_loader
init_plugin_loader([os.path.abspath("collections")])
from ansible_collections.slipway.lab.plugins.callback.preloaded_plugins import loaded
print(sum(one is None for one in loaded()), sum(1 for one in loaded()))
"""


def test_all_plugins_exist():
    command = [sys.executable, "-c", SCRIPT]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    missing, all_plugins = done.stdout.split()
    assert missing == "0" and int(all_plugins) > 100
