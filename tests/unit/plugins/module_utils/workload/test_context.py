from __future__ import annotations

import pytest


def test_the_applier_follows_the_parameters(context_of):
    context = context_of(name="web", image="web:1", force=True, field_manager="me", check=True)
    options = context.applier.options
    assert (options.manager, options.force, options.dry_run) == ("me", True, True)


@pytest.mark.parametrize(("wait", "waits"), [("none", False), ("applied", True), ("serving", True)])
def test_deletions_are_waited_for_unless_nothing_is(context_of, wait, waits):
    assert context_of(name="web", image="web:1", wait=wait).waits_for_deletion is waits
