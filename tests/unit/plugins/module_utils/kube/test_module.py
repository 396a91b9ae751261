import json

import pytest
from ansible.module_utils.testing import patch_module_args

from ansible_collections.slipway.lab.plugins.module_utils.kube.auth import AUTH_OPTIONS
from ansible_collections.slipway.lab.plugins.module_utils.kube.module import kube_module


def test_module_has_authentication_options_beside_its_own():
    with patch_module_args({"name": "web", "context": "lab"}):
        module = kube_module({"name": {"type": "str", "required": True}})
    assert module.params["name"] == "web"
    assert module.params["context"] == "lab"
    assert set(AUTH_OPTIONS) < set(module.params)
    assert module.supports_check_mode


def test_settings_reach_ansible(capsys):
    with patch_module_args({"a": "1", "b": "2"}), pytest.raises(SystemExit):
        kube_module(
            {"a": {"type": "str"}, "b": {"type": "str"}},
            mutually_exclusive=[("a", "b")],
            supports_check_mode=False,
        )
    assert "mutually exclusive" in json.loads(capsys.readouterr().out)["msg"]
