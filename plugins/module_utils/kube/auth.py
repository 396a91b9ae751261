"""From authentication options to one connection.

Options and environment variables are those of the kubernetes.core collection, so that playbooks and
CI settings carry over.
"""

from __future__ import annotations

import sys

from ansible.module_utils.basic import env_fallback

from ansible_collections.slipway.lab.plugins.module_utils.kube.connection import Connection
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import ConfigError
from ansible_collections.slipway.lab.plugins.module_utils.kube.plain_connection import (
    plain_connection,
)

try:
    import urllib3
except ImportError:
    # official_client reports the missing library with instructions
    urllib3 = None

# the first version that can wake the reader of a stream, with which a watch ends
OLDEST_URLLIB3 = (2, 3)


def _option(kind: str, variable: str, **more) -> dict:
    return {"type": kind, "fallback": (env_fallback, [f"K8S_AUTH_{variable}"]), **more}


AUTH_OPTIONS = {
    "kubeconfig": _option("raw", "KUBECONFIG", no_log=False),
    "context": _option("str", "CONTEXT"),
    "host": _option("str", "HOST"),
    "api_key": _option("str", "API_KEY", no_log=True),
    "username": _option("str", "USERNAME"),
    "password": _option("str", "PASSWORD", no_log=True),
    "validate_certs": _option("bool", "VERIFY_SSL", aliases=["verify_ssl"]),
    "ca_cert": _option("path", "SSL_CA_CERT", aliases=["ssl_ca_cert"]),
    "client_cert": _option("path", "CERT_FILE", aliases=["cert_file"]),
    "client_key": _option("path", "KEY_FILE", aliases=["key_file"], no_log=False),
    "proxy": _option("str", "PROXY"),
    "no_proxy": _option("str", "NO_PROXY"),
    "impersonate_user": _option("str", "IMPERSONATE_USER"),
    "impersonate_groups": _option("list", "IMPERSONATE_GROUPS", elements="str"),
}


def connect(params: dict) -> Connection:
    """Make the one connection of a module run.

    Order: ``host`` with its credentials, then ``kubeconfig`` (path or mapping), ``$KUBECONFIG``,
    the default file, the service account of the pod.

    Args:
        params: Module parameters of ``AUTH_OPTIONS``.

    Raises:
        ConfigError: There is no usable way to an API server. The message names the mistake and its place.
    """
    _check_version()
    connection = plain_connection(params)
    if connection:
        return connection
    # imported here: it takes longer than most tasks need for their requests
    from ansible_collections.slipway.lab.plugins.module_utils.kube import official_client

    return official_client.official_connection(params)


def _check_version() -> None:
    found = urllib3.__version__ if urllib3 else ""
    if found and tuple(map(int, found.split(".")[:2])) < OLDEST_URLLIB3:
        needed = ".".join(map(str, OLDEST_URLLIB3))
        raise ConfigError(
            f"urllib3 {found} is too old: {needed} is needed; install it for the Python of the task: "
            f"{sys.executable} -m pip install 'urllib3>={needed}'"
        )


def impersonation(params: dict, connection: Connection) -> list[tuple[str, str]]:
    """Return the headers that impersonate a user and groups: of the options, or else of the kubeconfig."""
    headers: list[tuple[str, str]] = []
    if params.get("impersonate_user"):
        headers.append(("Impersonate-User", params["impersonate_user"]))
    headers += [("Impersonate-Group", group) for group in params.get("impersonate_groups") or []]
    headers = headers or connection.impersonation
    for name, value in headers:
        if "\n" in value or "\r" in value:
            raise ConfigError(f"{name}: {value!r} has a line break")
    return headers
