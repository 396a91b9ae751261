"""docs/class.md lists what students of a class can do."""

import re
from pathlib import Path

import yaml

from ansible_collections.slipway.lab.plugins.plugin_utils.practice.tasks import read_tasks

ROOT = Path(__file__).resolve().parents[3]
LESSONS = ROOT / "playbooks/lessons"
ROW = re.compile(
    r"^\| ([\w-]+) \| (\d+ of \d+|in turns) \| (\d+ of \d+|in turns) \|$", re.MULTILINE
)


def test_the_table_has_the_tasks_of_all_lessons():
    expected = []
    for name in yaml.safe_load((LESSONS / "catalogue.yml").read_text()):
        tasks = read_tasks(LESSONS / name.replace("-", "_"))
        own = tasks.confined()
        cells = (
            [
                f"{len(own.tasks)} of {len(tasks.tasks)}",
                f"{len(own.puzzles)} of {len(tasks.puzzles)}",
            ]
            if own.tasks
            else ["in turns"] * 2
        )
        expected.append((name, *cells))
    assert ROW.findall((ROOT / "docs/class.md").read_text()) == expected


def test_a_class_has_the_lessons_of_the_table_by_default():
    listed = [row[0] for row in ROW.findall((ROOT / "docs/class.md").read_text()) if "of" in row[1]]
    default = yaml.safe_load((LESSONS / "vars/class.yml").read_text())["class_lessons"]
    assert sorted(default) == sorted(listed)
