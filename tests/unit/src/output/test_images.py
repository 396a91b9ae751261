"""Tests of ``slipway.output.images``."""

import pytest

from slipway.output.images import show_images, size

ONE = {"id": "sha256:0123456789abcdef", "digests": [], "bytes": 12_300_000, "nodes": ["a", "b"]}


def test_each_name_has_a_line(capsys):
    show_images([{**ONE, "names": ["docker.io/shop/web:v1", "x:1"]}, {**ONE, "names": []}])
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert lines == [
        ["NAME", "ID", "SIZE", "NODES"],
        ["docker.io/shop/web:v1", "0123456789ab", "12", "MB", "a,", "b"],
        ["x:1", "0123456789ab", "12", "MB", "a,", "b"],
        ["<none>", "0123456789ab", "12", "MB", "a,", "b"],
    ]


@pytest.mark.parametrize(
    ("count", "text"), [(0, "0 B"), (999, "999 B"), (1000, "1 kB"), (2_500_000_000, "2.5 GB")]
)
def test_sizes(count, text):
    assert size(count) == text
