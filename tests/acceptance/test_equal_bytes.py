"""Equal keys are equal bytes: programs, a root and an image are made twice, without a common cache of builds."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# Modules of Go, a program of this checkout, a root from packages, and an image from another root.
WANTED = ["cni-plugins", "shop-web", "network-root", "image-slipway-probe-v1"]
PLAYBOOK = f"""
- hosts: localhost
  gather_facts: false
  vars_files: [{ROOT}/upstream/versions.yml]
  tasks:
    - ansible.builtin.include_role: {{name: mirror, tasks_from: prepare, public: true}}
    - ansible.builtin.include_role: {{name: mirror, tasks_from: artifacts}}
"""


def make(directory):
    """Make the artifacts below a directory; return their checksums by name, key and file."""
    directory.mkdir()
    (directory / "play.yml").write_text(PLAYBOOK)
    variables = {
        "ansible_python_interpreter": sys.executable,
        "mirror_source": "build",
        "mirror_extras": ["lessons", "machine"],
        "mirror_wanted": WANTED,
        "mirror_address": "127.0.0.1",
        "mirror_kept_source": "",
        "mirror_cache_dir": str(directory / "cache"),
        "mirror_configuration_dir": str(directory / "mirror"),
    }
    command = ["ansible-playbook", "-i", "localhost,", "-c", "local", "-e", json.dumps(variables)]
    subprocess.run(
        [*command, str(directory / "play.yml")],
        cwd=ROOT,
        env={**os.environ, "GOCACHE": str(directory / "go")},
        check=True,
        timeout=2400,
    )
    records = sorted(directory.glob("cache/artifacts/*/[!.]*/artifact.json"))
    return {
        f"{record.parent.parent.name}/{record.parent.name}": json.loads(record.read_text())[
            "sha256"
        ]
        for record in records
    }


@pytest.mark.long
def test_equal_keys_are_equal_bytes(tmp_path):
    if time.time() % 86_400 > 84_000:
        pytest.skip("the files of a root have the day as their time, and this day ends soon")
    first, second = make(tmp_path / "first"), make(tmp_path / "in another place")
    assert {name.split("/")[0] for name in first} >= set(WANTED)
    assert first == second
