"""A fake API server for the contracts of the modules."""

from __future__ import annotations

import pytest

from support.kube_fake import FakeApi, instant_rollout


@pytest.fixture
def api():
    """A server on which each workload is rolled out as soon as it is declared."""
    with FakeApi() as fake:
        fake.reactions.append(instant_rollout)
        yield fake
