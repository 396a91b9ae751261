"""Tests of ``slipway.lab.snapshots``."""

from pathlib import Path

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.snapshots.errors import (
    SnapshotError,
    SnapshotNameError,
)
from slipway.errors import SlipwayError, UsageError
from slipway.lab.snapshots import own_snapshots, snapshot_errors

ROOT = Path(__file__).resolve().parents[4]


def test_the_playbooks_use_the_same_directory():
    assert own_snapshots({"HOME": "/h"}).directory == Path("/h/.local/share/slipway/snapshots")
    assert own_snapshots({"HOME": "/h", "XDG_DATA_HOME": "/d"}).directory == Path(
        "/d/slipway/snapshots"
    )
    text = (ROOT / "inventories/common/lab.yml").read_text()
    assert "'XDG_DATA_HOME'" in text and "'/.local/share', true) }}/slipway/snapshots" in text


@pytest.mark.parametrize(
    ("error", "expected"), [(SnapshotNameError, UsageError), (SnapshotError, SlipwayError)]
)
def test_errors_of_snapshots_are_errors_of_the_command(error, expected):
    with pytest.raises(SlipwayError, match="why") as caught, snapshot_errors():
        raise error("why")
    assert type(caught.value) is expected
