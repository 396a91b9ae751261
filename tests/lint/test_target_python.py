"""Modules run on hosts whose Python is older than the control machine's."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("library", "plugins/module_utils")


def test_modules_need_no_newer_python_than_3_9():
    done = subprocess.run(
        ["vermin", "-t=3.9-", "--no-tips", "--violations", *FOLDERS],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
