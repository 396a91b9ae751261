"""Connections by the official Kubernetes client: plugins, tokens in files, proxies, accounts of pods, and errors."""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import traceback

from ansible.module_utils.basic import missing_required_lib

from ansible_collections.slipway.lab.plugins.module_utils.kube.connection import (
    POOL_SIZE,
    USER_AGENT,
    Connection,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import ConfigError
from ansible_collections.slipway.lab.plugins.module_utils.kube.kubeconfig import (
    check_context,
    cluster_of,
    content_of,
    current_context,
    documents,
    impersonated,
    kubeconfig_paths,
    plugin_of,
)

try:
    import urllib3
    import yaml
    from kubernetes.client.api_client import ApiClient
    from kubernetes.client.configuration import Configuration
    from kubernetes.config import (
        ConfigException,
        load_incluster_config,
        load_kube_config,
        load_kube_config_from_dict,
    )
    from oauthlib.oauth2 import OAuth2Error
    from requests import RequestException

    IMPORT_ERROR = None
except ImportError:
    IMPORT_ERROR = traceback.format_exc()

IN_CLUSTER = "KUBERNETES_SERVICE_HOST"
SERVER_NAME = "tls-server-name"


def official_connection(params: dict) -> Connection:
    """Connect with the official client.

    Args:
        params: Module parameters of ``AUTH_OPTIONS``.

    Raises:
        ConfigError: There is no usable way to an API server. The message names the mistake and its place.
    """
    client = api_client(params)
    configuration = client.configuration

    def authorization() -> str:
        # reading the settings refreshes a token that has expired
        settings = configuration.auth_settings()
        return next((one["value"] for one in settings.values() if one["value"]), "")

    return Connection(
        configuration.host,
        client.rest_client.pool_manager,
        client.default_headers,
        authorization,
        getattr(configuration, "impersonation", []),
        configuration,
    )


def api_client(params: dict) -> ApiClient:
    """Make an ApiClient.

    Order: ``host`` with its credentials, then ``kubeconfig`` (path or mapping), ``$KUBECONFIG``,
    the default file, the service account of the pod. Raises ConfigError with what is wrong and where.
    """
    if IMPORT_ERROR:
        raise ConfigError(missing_required_lib("kubernetes"), exception=IMPORT_ERROR)
    configuration = Configuration()
    # urllib3 must not retry by itself: retries are decided in one place, by what was asked
    configuration.retries = False
    configuration.connection_pool_maxsize = POOL_SIZE
    if not params.get("host") or params.get("kubeconfig"):
        _load(configuration, params)
    _override(configuration, params)
    _check_plugin(configuration)
    client = ApiClient(configuration)
    client.user_agent = USER_AGENT
    if params.get("username"):
        basic = f"{params['username']}:{params.get('password') or ''}"
        client.default_headers.update(urllib3.make_headers(basic_auth=basic))
    return client


def _load(configuration: Configuration, params: dict) -> None:
    source, context = params.get("kubeconfig"), params.get("context")
    try:
        content = content_of(source)
    except ValueError as error:
        raise ConfigError(str(error)) from error
    if isinstance(content, dict):
        _check_context([content], context, "the kubeconfig mapping")
        _guard(
            configuration,
            lambda: load_kube_config_from_dict(
                content, context=context, client_configuration=configuration, persist_config=False
            ),
            "the kubeconfig mapping",
        )
        _note_rest(configuration, [content], context)
        return
    if content is not None:
        raise ConfigError(f"kubeconfig: a path or a mapping is needed, not {type(source).__name__}")
    named = source or os.environ.get("KUBECONFIG")
    paths = kubeconfig_paths(source)
    if not named and not os.path.exists(paths[0]) and os.environ.get(IN_CLUSTER):
        _guard(
            configuration,
            lambda: load_incluster_config(client_configuration=configuration),
            "the pod's account",
        )
        return
    if not any(os.path.exists(path) for path in paths):
        raise ConfigError(
            f"no kubeconfig: {', '.join(paths)} does not exist; set kubeconfig (or "
            "K8S_AUTH_KUBECONFIG, KUBECONFIG), or host with api_key"
        )
    for path in paths:
        if os.path.isdir(path) or (os.path.exists(path) and not os.access(path, os.R_OK)):
            raise ConfigError(f"kubeconfig {path} cannot be read: directory or missing permission")
    _load_files(configuration, paths, context)


def _load_files(configuration: Configuration, paths: list[str], context: str | None) -> None:
    found = documents(paths)
    context = context or current_context(found)
    _check_context(found, context, f"kubeconfig {', '.join(paths)}")
    _guard(
        configuration,
        lambda: load_kube_config(
            config_file=os.pathsep.join(paths),
            context=context,
            client_configuration=configuration,
            # as kubectl does: a provider of OpenID Connect may accept a refresh token once
            persist_config=True,
        ),
        f"kubeconfig {', '.join(paths)}",
    )
    _note_rest(configuration, found, context)


def _note_rest(configuration: Configuration, documents: list[dict], context: str | None) -> None:
    """Keep what the official client leaves out of a context, and refuse what its version does not know."""
    has_server_name = hasattr(Configuration(), "tls_server_name")
    if not has_server_name and cluster_of(documents, context).get(SERVER_NAME):
        raise ConfigError(
            f"kubeconfig: {SERVER_NAME} needs kubernetes 28.1 here; install it for the Python of the task: "
            f"{sys.executable} -m pip install 'kubernetes>=28.1'"
        )
    configuration.plugin = plugin_of(documents, context)
    configuration.impersonation = impersonated(documents, context)


def _check_plugin(configuration: Configuration) -> None:
    """Refuse a plugin that gave no credentials. The official client would continue as an anonymous user."""
    plugin = getattr(configuration, "plugin", {})
    if plugin.get("command") and not configuration.api_key and not configuration.cert_file:
        reason = configuration.complaint or "it printed no token and no certificate"
        hint = f"; {plugin['installHint'].strip()}" if plugin.get("installHint") else ""
        raise ConfigError(
            f"kubeconfig: the plugin {plugin['command']} gave no credentials: {reason}{hint}"
        )


def _check_context(found: list[dict], context: str | None, what: str) -> None:
    try:
        check_context(found, context, what)
    except ValueError as error:
        raise ConfigError(str(error)) from error


class _Complaints(logging.Handler):
    """Keeps the last complaint of the official client, which only logs why a plugin failed."""

    last = ""

    def emit(self, record: logging.LogRecord) -> None:
        self.last = record.getMessage()


@contextlib.contextmanager
def _complaint(configuration: Configuration):
    complaints, log = _Complaints(logging.ERROR), logging.getLogger()
    log.addHandler(complaints)
    try:
        yield
    finally:
        log.removeHandler(complaints)
        configuration.complaint = complaints.last


def _guard(configuration: Configuration, load, what: str) -> None:
    """Run a loader; whatever a broken file makes it raise becomes one clear error."""
    try:
        with _complaint(configuration):
            load()
    except (ConfigException, yaml.YAMLError, UnicodeDecodeError) as error:
        raise ConfigError(f"{what}: {error}") from error
    except (OAuth2Error, RequestException, urllib3.exceptions.HTTPError) as error:
        raise ConfigError(
            f"{what}: the OpenID Connect provider did not renew the token: {_named(error)}; log in again"
        ) from error
    except (TypeError, KeyError, AttributeError, ValueError, OSError) as error:
        raise ConfigError(f"{what} is malformed: {type(error).__name__}: {error}") from error


def _named(error: Exception) -> str:
    """Return the kind of an error, and what the provider calls it. Its text can have parts of a request."""
    return getattr(error, "error", None) or type(error).__name__


def _override(configuration: Configuration, params: dict) -> None:
    """Override settings of the kubeconfig with explicit options."""
    if params.get("host"):
        configuration.host = params["host"].rstrip("/")
        if not configuration.host.startswith(("http://", "https://")):
            raise ConfigError(
                f"host: {params['host']!r} is not a valid URL; write https://ADDRESS:PORT"
            )
    if params.get("api_key"):
        configuration.api_key = {"authorization": f"Bearer {params['api_key']}"}
        configuration.api_key_prefix = {}
        configuration.refresh_api_key_hook = None
    for option, attribute in (
        ("ca_cert", "ssl_ca_cert"),
        ("client_cert", "cert_file"),
        ("client_key", "key_file"),
    ):
        if params.get(option):
            if not os.path.isfile(params[option]):
                raise ConfigError(f"{option}: {params[option]} does not exist")
            setattr(configuration, attribute, params[option])
    if params.get("validate_certs") is not None:
        configuration.verify_ssl = params["validate_certs"]
    if not configuration.verify_ssl:
        urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
    for option in ("proxy", "no_proxy"):
        if params.get(option):
            setattr(configuration, option, params[option])
