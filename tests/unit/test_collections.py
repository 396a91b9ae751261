"""What roles and playbooks call of collections is declared for users of a plain ansible-core."""

import re
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
CALL = re.compile(r"^\s*-?\s*([a-z]\w*\.[a-z]\w*)\.\w+:", re.MULTILINE)


def test_every_collection_that_is_called_is_declared():
    declared = yaml.safe_load((ROOT / "collections/requirements.yml").read_text())["collections"]
    files = [path for part in ("roles", "playbooks") for path in (ROOT / part).rglob("*.yml")]
    called = {name for path in files for name in CALL.findall(path.read_text())}
    assert "community.docker" in called
    assert called - {"ansible.builtin"} <= {one["name"] for one in declared}
