"""Tests of ``workload.secrets``."""

from __future__ import annotations

import base64
from types import SimpleNamespace

from ansible_collections.slipway.lab.plugins.module_utils.workload.secrets import hide_secrets

LONG = "correct-horse"


def module(**params):
    return SimpleNamespace(params=params, no_log_values={"2", LONG})


def test_ordinary_words_are_not_censored():
    one = module()
    hide_secrets(one, {"web", base64.b64encode(b"another-long-one").decode()})
    assert one.no_log_values == {LONG, "YW5vdGhlci1sb25nLW9uZQ=="}
