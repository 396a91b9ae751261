"""Tests of the variables in ``playbooks/lessons/vars/lesson.yml``."""

from pathlib import Path

import pytest
import yaml
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar

try:  # ansible-core 2.19 renders only templates from trusted sources
    from ansible.template import trust_as_template
except ImportError:
    trust_as_template = str

ROOT = Path(__file__).resolve().parents[5]
VARIABLES = yaml.safe_load((ROOT / "playbooks/lessons/vars/lesson.yml").read_text())


def mirror_file(*sets):
    """Return the path of the kept facts for a choice of sets of the mirror."""
    variables = {"slipway_state_dir": "/state", "mirror_extras": list(sets)}
    template = trust_as_template(VARIABLES["lesson_mirror_file"])
    return Templar(DataLoader(), variables=variables).template(template)


@pytest.mark.parametrize("other", [["lessons", "tiny"], ["tiny"], []])
def test_facts_of_one_choice_of_sets_never_serve_another(other):
    assert mirror_file("lessons") != mirror_file(*other)


def test_the_order_of_the_sets_does_not_matter():
    assert mirror_file("lessons", "tiny") == mirror_file("tiny", "lessons")


def test_the_file_is_in_the_labs_state():
    assert mirror_file("lessons").startswith("/state/lessons/work/")
