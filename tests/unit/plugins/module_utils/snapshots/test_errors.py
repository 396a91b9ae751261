"""Tests of ``snapshots.errors``."""

import inspect

from ansible_collections.slipway.lab.plugins.module_utils.common.errors import SlipwayError
from ansible_collections.slipway.lab.plugins.module_utils.snapshots import errors


def test_every_error_has_the_root_that_modules_report():
    own = [one for _, one in inspect.getmembers(errors, inspect.isclass) if one is not SlipwayError]
    assert len(own) == 5
    assert all(issubclass(one, errors.SnapshotError) for one in own)
    assert issubclass(errors.SnapshotError, SlipwayError)
