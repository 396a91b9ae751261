"""The tasks of all lessons follow the rules for authors."""

from pathlib import Path

import pytest
import yaml

from ansible_collections.slipway.lab.plugins.plugin_utils.practice.lint import VALUES, lint_lesson
from ansible_collections.slipway.lab.plugins.plugin_utils.practice.tasks import read_tasks

LESSONS = Path(__file__).resolve().parents[3] / "playbooks/lessons"
FOLDERS = sorted(file.parent for file in LESSONS.glob("*/tasks.yml"))


@pytest.mark.parametrize("folder", FOLDERS, ids=[folder.name for folder in FOLDERS])
def test_a_lesson_follows_the_rules(folder):
    assert lint_lesson(folder) == []


def test_ids_of_puzzles_are_there_once():
    """`lesson break` finds a puzzle by its ID alone."""
    ids = [name for folder in FOLDERS for name in read_tasks(folder).puzzles]
    assert len(ids) == len(set(ids))


def test_the_rules_know_the_values_that_the_playbook_provides():
    provided = yaml.safe_load((LESSONS / "vars/practice.yml").read_text())["practice_values"]
    assert set(provided) == VALUES
