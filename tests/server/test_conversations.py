"""The recorded conversations are those of a real API server."""

import json
import os

import pytest

from support.conversations import CONVERSATIONS, NAMESPACE, RECORDED, hold, recorded

RECORD = "SLIPWAY_TEST_RECORD"


@pytest.fixture(scope="module")
def ask(server):
    server.must("POST", "/api/v1/namespaces", {"metadata": {"name": NAMESPACE}})
    yield server.request
    server.request("DELETE", f"/api/v1/namespaces/{NAMESPACE}")


@pytest.mark.parametrize("conversation", CONVERSATIONS, ids=lambda one: one.__name__)
def test_the_real_api_server_answers_as_recorded(ask, conversation):
    heard = hold(ask, conversation)
    if os.environ.get(RECORD):
        known = recorded() if RECORDED.exists() else {}
        text = json.dumps({**known, conversation.__name__: heard}, indent=1)
        RECORDED.write_text(text + "\n", encoding="utf-8")
    assert heard == recorded()[conversation.__name__]
