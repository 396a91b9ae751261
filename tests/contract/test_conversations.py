"""The fake API server answers as a real one did, so what the tests prove with it holds."""

from __future__ import annotations

import json
import urllib.error
import urllib.request

import pytest

from support.conversations import CONVERSATIONS, NAMESPACE, hold, recorded
from support.kube_fake import FakeApi


@pytest.fixture
def ask():
    with FakeApi() as api:
        body = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE}}
        api.put("namespaces", body)

        def send(method, path, body=None, kind="application/json"):
            data = None if body is None else json.dumps(body).encode()
            request = urllib.request.Request(
                api.url + path, data, {"Content-Type": kind}, method=method
            )
            try:
                with urllib.request.urlopen(request, timeout=10) as answer:
                    return answer.status, decoded(answer.read())
            except urllib.error.HTTPError as error:
                return error.code, decoded(error.read())

        yield send


def decoded(data: bytes) -> dict:
    try:
        return json.loads(data)
    except ValueError:
        return {"text": data.decode()}


@pytest.mark.parametrize("conversation", CONVERSATIONS, ids=lambda one: one.__name__)
def test_the_fake_api_server_answers_as_recorded(ask, conversation):
    for heard, expected in zip(
        hold(ask, conversation), recorded()[conversation.__name__], strict=True
    ):
        assert heard == expected
