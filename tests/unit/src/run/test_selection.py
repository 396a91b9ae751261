"""Tests of ``slipway.run.selection``."""

import json
from dataclasses import replace

from slipway.lab.project import locate
from slipway.run.selection import read_selection


def inventory(tmp_path, text):
    (tmp_path / "group_vars").mkdir()
    (tmp_path / "group_vars/all.yml").write_text(text)
    (tmp_path / "hosts.yml").write_text("all: {}\n")
    return replace(locate(), inventories=(str(tmp_path / "hosts.yml"),))


def test_the_inventory_and_the_arguments_decide(tmp_path):
    project = inventory(tmp_path, 'slipway_services: [logging]\nother: "{{ x }}"\n')
    found = read_selection(project, ["--tags", "app,report", "--skip-tags", "hosts"])
    assert (found.tags, found.skipped_tags) == ({"app", "report"}, {"hosts"})
    assert dict(found.variables) == {"slipway_services": ["logging"]}  # no template


def test_extra_variables_win(tmp_path):
    project = inventory(tmp_path, "slipway_services: [logging]\n")
    extra = json.dumps({"slipway_services": ["monitoring"]})
    assert dict(read_selection(project, ["-e", extra]).variables) == {
        "slipway_services": ["monitoring"]
    }
