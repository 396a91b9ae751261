"""Tests of ``slipway.lessons.explain``."""

import subprocess
from dataclasses import replace

import pytest

from slipway.lab.lock import holder_of
from slipway.lab.project import locate
from slipway.lessons.catalogue import lessons
from slipway.lessons.explain import explain_lessons
from slipway.run.outcome import Options


@pytest.mark.parametrize(("codes", "expected"), [([0, 0], 0), ([2, 0], 1)])
def test_each_lesson_runs_on_this_terminal_while_the_lab_is_held(
    tmp_path, monkeypatch, codes, expected
):
    project = replace(locate(), state=tmp_path)
    ran, ends = [], iter(codes)

    def run(command, cwd, env, check):
        ran.append(command[-1])
        assert holder_of(tmp_path)[1]
        assert env["ANSIBLE_DISPLAY_OK_HOSTS"] == "0"
        return subprocess.CompletedProcess(command, next(ends))

    monkeypatch.setattr("slipway.lessons.explain.subprocess.run", run)
    chosen = lessons(project)[:2]
    assert explain_lessons(project, Options(), chosen) == expected
    assert ran == [f"playbooks/{lesson.playbook}.yml" for lesson in chosen]
