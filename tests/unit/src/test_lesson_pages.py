"""Tests of ``slipway.lesson_pages``."""

from slipway.lab.project import locate
from slipway.lab.yaml_file import read_yaml
from slipway.lesson_pages import PAGE, lesson_page
from slipway.lessons.catalogue import folder, lessons


def test_the_page_is_current():
    assert PAGE.read_text(encoding="utf-8") == lesson_page(locate()), (
        "run: PYTHONPATH=src:collections python -m slipway.lesson_pages"
    )


def test_every_point_names_tasks_that_exist():
    texts = {lesson.name: lesson.text(locate(), "en") for lesson in lessons(locate())}
    for point in read_yaml(folder(locate()) / "points.yml"):
        assert point["tasks"], point
        for name in point["tasks"]:
            lesson, _, task = name.partition("/")
            assert task in [one.id for one in texts[lesson].tasks], name


def test_the_course_has_its_size():
    """At least 90 tasks, 4 in each lesson, 30 predictions and 40 puzzles."""
    texts = [lesson.text(locate(), "en") for lesson in lessons(locate())]
    assert min(len(text.tasks) for text in texts) >= 4
    assert sum(len(text.tasks) for text in texts) >= 90
    assert sum(len(text.puzzles) for text in texts) >= 40
    assert sum(bool(task.question) for text in texts for task in text.tasks) >= 30
