"""Tests of ``slipway.commands.course``."""

import pytest


def test_the_course_is_exported_without_a_lab(command, tmp_path):
    done = command("lesson", "export", str(tmp_path / "course"))
    assert done.exit_code == 0 and "7 files" in done.stdout
    assert (tmp_path / "course/ko/demo.html").exists()


@pytest.mark.parametrize(("words", "opened"), [(["--lang", "ko"], 1), (["--no-browser"], 0)])
def test_the_course_is_served_until_the_user_ends_it(command, pages, words, opened):
    done = command("lesson", "page", *words)
    assert done.exit_code == 0 and "http://127.0.0.1:" in done.stdout
    assert len(pages) == opened and all(page.endswith("/ko/index.html") for page in pages)
