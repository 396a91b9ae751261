"""Tests of ``plugin_utils.lesson_text``."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.plugin_utils.lesson_text import (
    LessonText,
    lesson_folder,
    parse,
    read_text,
)


def test_text_continues_in_indented_lines():
    text = parse(
        "# T\nIdea.\n\n## `one` First\nDone.\n\n"
        "- `c` A claim\n  that continues.\n- plot `p` Plot.\n\n## Break it\n\n- 고장 `b` Broken.\n"
    )
    assert text.claims == {"c": "A claim that continues."}
    assert text.plots == {"p": "Plot."} and text.breaks == {"b": "Broken."}
    assert text.steps[0].title == "First" and text.steps[0].text == "Done."
    with pytest.raises(ValueError, match="twice"):
        parse("- `c` one\n- `c` two\n")


def test_a_step_without_a_text_is_its_own_title():
    step = LessonText().step("drift")
    assert (step.id, step.title, step.text) == ("drift", "drift", "")


def test_texts_are_read_by_language(tmp_path):
    folder = lesson_folder(tmp_path, "system-vs-application")
    assert folder.name == "system_vs_application"
    folder.mkdir()
    (folder / "ko.md").write_text("# 제목\n설명\n")
    assert read_text(tmp_path, "system-vs-application", "ko").title == "제목"


TASKS = """# T
Idea.

## `one` First
Done.

- `c` A claim.

### `scale` Scale out

Run three pods:

```sh
# three
kubectl get pods
```

- predict How many
  addresses?
  - `one` One, because
    of the Service.
  - `three` Three.
- check `ready` All are
  ready.
- hint Look.
- hint Look
  again.

### `more` More

Text.

## Repair it

- break `b` Broken.

### `silent` The shop is silent

Nobody answers.

- 확인 `loud` 응답합니다.
- 힌트 보세요.
"""


def test_tasks_belong_to_their_step_and_puzzles_to_none():
    text = parse(TASKS)
    assert [task.id for task in text.steps[0].tasks] == ["scale", "more"]
    assert [task.id for task in text.puzzles] == ["silent"]
    assert text.claims == {"c": "A claim."} and text.breaks == {"b": "Broken."}
    assert text.steps[0].text == "Done."


def test_a_task_has_text_question_choices_checks_and_hints():
    task = parse(TASKS).task("scale")
    assert task.title == "Scale out"
    assert task.text == "Run three pods:\n\n```sh\n# three\nkubectl get pods\n```"
    assert task.question == "How many addresses?"
    assert task.choices == {"one": "One, because of the Service.", "three": "Three."}
    assert task.checks == {"ready": "All are ready."}
    assert task.hints == ["Look.", "Look again."]
    assert parse(TASKS).task("silent").checks == {"loud": "응답합니다."}
    assert parse(TASKS).task("unknown").title == "unknown"


def test_a_check_that_comes_twice_is_refused():
    with pytest.raises(ValueError, match="ready comes twice"):
        parse(TASKS.replace("- hint Look.", "- check `ready` Again."))
