"""Inventories as Ansible reads them with the project's configuration."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
@pytest.mark.parametrize("text", ["all:\n  hosts: {a: {\n", None])
def test_an_inventory_that_cannot_be_read_ends_the_run(tmp_path, text):
    inventory = tmp_path / "hosts.yml"
    if text:
        inventory.write_text(text)
    program = Path(sys.executable).parent / "ansible-playbook"
    done = subprocess.run(
        [program, "--list-hosts", "-i", inventory, "playbooks/site.yml"],
        cwd=ROOT,
        env={**os.environ, "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg")},
        capture_output=True,
        text=True,
        check=False,
    )
    # without hosts each play is skipped, and the run would report success
    assert done.returncode == 1
    assert f"Completely failed to parse inventory source {inventory}" in done.stderr
