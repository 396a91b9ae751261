"""Tests of the names of labels."""

from pathlib import Path

from ansible_collections.slipway.lab.plugins.module_utils.labs import labels

ROOT = Path(__file__).parents[5]


def test_the_playbooks_write_the_labels_that_are_read():
    shared = (ROOT / "inventories/common/lab.yml").read_text()
    host = (ROOT / "roles/lab_hosts/vars/main.yml").read_text()
    for name in (labels.LAB, labels.OWNER, labels.UID):
        assert f"\n  {name}: " in shared
    for name in (labels.ROLE, labels.HOST):
        assert f"{name}: " in host or f"'{name}': " in host
    assert f"LABEL slipway={labels.IMAGE}" in (ROOT / "roles/lab_hosts/tasks/image.yml").read_text()
