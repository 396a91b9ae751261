import json

import pytest
import yaml

from ansible_collections.slipway.lab.plugins.module_utils.kube import official_client
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import ConfigError
from ansible_collections.slipway.lab.plugins.module_utils.kube.official_client import (
    api_client,
    official_connection,
)

KUBECONFIG = {
    "apiVersion": "v1",
    "kind": "Config",
    "current-context": "one",
    "clusters": [
        {"name": "one", "cluster": {"server": "https://one:6443"}},
        {"name": "two", "cluster": {"server": "https://two:6443"}},
    ],
    "users": [{"name": "me", "user": {"token": "secret"}}],
    "contexts": [
        {"name": name, "context": {"cluster": name, "user": "me"}} for name in ("one", "two")
    ],
}


@pytest.fixture(autouse=True)
def no_environment(monkeypatch, tmp_path):
    monkeypatch.delenv("KUBECONFIG", raising=False)
    monkeypatch.delenv("KUBERNETES_SERVICE_HOST", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))


def test_host_with_token():
    client = api_client({"host": "https://api:6443/", "api_key": "token"})
    assert client.configuration.host == "https://api:6443"
    (setting,) = client.configuration.auth_settings().values()
    assert (setting["key"], setting["value"]) == ("authorization", "Bearer token")


def test_requests_are_not_retried_below_our_own_retries():
    assert api_client({"host": "https://api"}).configuration.retries is False


@pytest.mark.parametrize("form", ["mapping", "json", "yaml", "file", "environment"])
def test_kubeconfig_in_all_forms(form, tmp_path, monkeypatch):
    file = tmp_path / "config"
    file.write_text(json.dumps(KUBECONFIG))
    texts = {"json": json.dumps(KUBECONFIG), "yaml": yaml.safe_dump(KUBECONFIG)}
    source = {"mapping": KUBECONFIG, "file": str(file), **texts}.get(form)
    if form == "environment":
        monkeypatch.setenv("KUBECONFIG", str(file))
    assert api_client({"kubeconfig": source}).configuration.host == "https://one:6443"
    chosen = api_client({"kubeconfig": source, "context": "two"})
    assert chosen.configuration.host == "https://two:6443"


def test_first_file_of_a_list_names_the_current_context(tmp_path, monkeypatch):
    for name in ("one", "two"):
        (tmp_path / name).write_text(json.dumps({**KUBECONFIG, "current-context": name}))
    (tmp_path / "none").write_text(json.dumps({**KUBECONFIG, "current-context": ""}))
    listed = f":{tmp_path}/missing:{tmp_path}/none::{tmp_path}/two:{tmp_path}/one:"
    monkeypatch.setenv("KUBECONFIG", listed)
    assert api_client({}).configuration.host == "https://two:6443"
    assert api_client({"context": "one"}).configuration.host == "https://one:6443"


def test_options_override_the_kubeconfig():
    configuration = api_client(
        {"kubeconfig": KUBECONFIG, "host": "https://other", "validate_certs": False}
    ).configuration
    assert configuration.host == "https://other"
    assert configuration.verify_ssl is False


@pytest.mark.parametrize(
    ("params", "text"),
    [
        ({}, "no kubeconfig"),
        ({"kubeconfig": "/nowhere/config"}, "/nowhere/config does not exist"),
        ({"kubeconfig": "/"}, "cannot be read"),
        ({"kubeconfig": 5}, "a path or a mapping"),
        ({"kubeconfig": {"clusters": 3, "contexts": 5}}, "the kubeconfig mapping"),
        (
            {"kubeconfig": KUBECONFIG, "context": "three"},
            "no context 'three'; set context to one of: ",
        ),
        (
            {"kubeconfig": {**KUBECONFIG, "current-context": ""}},
            "has no current context; set context",
        ),
        ({"kubeconfig": "{["}, "is not valid YAML (line 1)"),
        ({"kubeconfig": "users:\n- {"}, "is not valid YAML (line 2)"),
        ({"kubeconfig": "a\nb"}, "its text is not a mapping"),
        ({"host": "api:6443"}, "write https://ADDRESS:PORT"),
        ({"host": "https://api", "ca_cert": "/nowhere/ca.crt"}, "/nowhere/ca.crt does not exist"),
    ],
)
def test_unusable_settings_are_explained(params, text):
    with pytest.raises(ConfigError) as caught:
        api_client(params)
    assert text in str(caught.value)


def test_the_kubeconfig_names_whom_to_impersonate(tmp_path):
    users = [{"name": "me", "user": {"token": "secret", "as": "robot", "as-groups": ["a"]}}]
    path = tmp_path / "config"
    path.write_text(json.dumps({**KUBECONFIG, "users": users}))
    for source in (str(path), {**KUBECONFIG, "users": users}):
        assert official_connection({"kubeconfig": source}).impersonation == [
            ("Impersonate-User", "robot"),
            ("Impersonate-Group", "a"),
        ]


def test_a_plugin_without_credentials_is_refused_with_its_name(tmp_path):
    plugin = {
        "apiVersion": "client.authentication.k8s.io/v1",
        "command": "false",
        "interactiveMode": "Never",
    }
    config = {**KUBECONFIG, "users": [{"name": "me", "user": {"exec": plugin}}]}
    path = tmp_path / "config"
    path.write_text(json.dumps(config))
    for source in (config, str(path)):
        with pytest.raises(ConfigError, match="the plugin false gave no credentials"):
            api_client({"kubeconfig": source})
    assert api_client({"kubeconfig": config, "api_key": "token"})


@pytest.mark.parametrize(
    ("command", "args", "reason"),
    [
        ("sh", ["-c", "echo the session has expired >&2; exit 3"], "the session has expired"),
        ("sh", ["-c", "echo hello"], "failed to decode process output"),
        ("/no/such/plugin", [], "No such file or directory: '/no/such/plugin'; install it with x"),
    ],
)
def test_the_reason_of_a_plugin_is_shown(command, args, reason):
    plugin = {
        "apiVersion": "client.authentication.k8s.io/v1",
        "command": command,
        "args": args,
        "interactiveMode": "Never",
        "installHint": "install it with x",
    }
    config = {**KUBECONFIG, "users": [{"name": "me", "user": {"exec": plugin}}]}
    with pytest.raises(ConfigError) as caught:
        api_client({"kubeconfig": config})
    assert reason in str(caught.value)


class Former(official_client.Configuration):
    """The settings of a version of the official client that ignores the name of a server."""

    def __init__(self):
        super().__init__()
        vars(self).pop("tls_server_name", None)


@pytest.mark.parametrize("form", ["mapping", "file"])
def test_a_server_name_that_the_client_would_ignore_is_refused(form, tmp_path, monkeypatch):
    named = {"server": "https://one:6443", "tls-server-name": "api.internal"}
    content = {**KUBECONFIG, "clusters": [{"name": "one", "cluster": named}]}
    (tmp_path / "config").write_text(json.dumps(content))
    source = content if form == "mapping" else str(tmp_path / "config")
    monkeypatch.setattr(official_client, "Configuration", Former)
    with pytest.raises(ConfigError, match="tls-server-name needs kubernetes 28.1 here; install"):
        api_client({"kubeconfig": source})
