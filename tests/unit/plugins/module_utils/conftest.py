"""An API server in this process, and a client for it."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.client import KubeClient
from ansible_collections.slipway.lab.plugins.module_utils.kube.discovery import Discovery
from support.kube_fake import FakeApi


@pytest.fixture
def api():
    with FakeApi() as fake:
        yield fake


@pytest.fixture
def client(api):
    client = KubeClient({"host": api.url}, patience=5)
    yield client
    client.close()


@pytest.fixture
def discovery(client):
    return Discovery(client)
