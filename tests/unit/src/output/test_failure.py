"""Tests of ``slipway.output.failure``."""

from slipway.lab.failures import Explanation
from slipway.output.failure import show_failure
from support.displayed_run import make_console, text_of


def test_a_failure_shows_text_as_it_is(tmp_path):
    failure = Explanation("docker", "lab1", "docker : [x]", "roles/a.yml:7", "bad [value]", "")
    console = make_console()
    show_failure(console, failure, tmp_path / "x.log", "./slipway up", "ansible-playbook x")
    for words in ("docker : [x]", "roles/a.yml:7", "bad [value]", "./slipway up", "x.log"):
        assert words in text_of(console).replace("\n", "")
