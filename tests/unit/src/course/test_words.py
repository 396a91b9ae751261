"""Tests of ``slipway.course.words``."""

import re
from string import Formatter

from slipway.course.words import WORDS


def test_every_word_exists_in_both_languages_with_the_same_values():
    for name, words in WORDS.items():
        fields = [
            {field for _, field, _, _ in Formatter().parse(text) if field}
            for text in words.values()
        ]
        assert set(words) == {"en", "ko"} and fields[0] == fields[1], name
        assert name == "language" or re.search("[가-힣]", words["ko"]), name
