"""Connections whose credentials are written down in the kubeconfig or in the task, without the official client.

The import of the official client takes longer than most tasks need for their requests. It makes all other connections,
and it explains what is broken.
"""

from __future__ import annotations

import base64
import os
import ssl
import tempfile
from dataclasses import dataclass, field
from urllib.request import getproxies

from ansible_collections.slipway.lab.plugins.module_utils.kube.connection import (
    POOL_SIZE,
    USER_AGENT,
    Connection,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.kubeconfig import (
    cluster_of,
    content_of,
    documents,
    impersonated,
    kubeconfig_paths,
    user_of,
)

try:
    import urllib3
    import yaml

    # A file of certificates that cannot be read is an OSError, wrong base64 is a ValueError.
    UNUSUAL = (OSError, ValueError, LookupError, TypeError, AttributeError, yaml.YAMLError)
except ImportError:
    # the official client, which is then missing too, reports it with instructions
    urllib3 = None

CLUSTER_KEYS = {
    "server",
    "certificate-authority",
    "certificate-authority-data",
    "insecure-skip-tls-verify",
    "tls-server-name",
    "extensions",
}
USER_KEYS = {
    "client-certificate",
    "client-certificate-data",
    "client-key",
    "client-key-data",
    "token",
    "as",
    "as-uid",
    "as-groups",
    "as-user-extra",
}
# Options that need the official client.
OTHER_OPTIONS = ("username", "proxy", "no_proxy")


@dataclass
class Settings:
    """The address of an API server, and the credentials for it. Certificates and keys are PEM, or paths of it."""

    host: str = ""
    token: str = ""
    verify: bool = True
    server_name: str = ""
    authority: str = ""
    certificate: str = ""
    key: str = ""
    impersonation: list[tuple[str, str]] = field(default_factory=list)


def plain_connection(params: dict) -> Connection | None:
    """Return the connection, or None when the official client has to make it or to explain what is wrong.

    Args:
        params: Module parameters of ``AUTH_OPTIONS``.
    """
    if urllib3 is None or any(params.get(name) for name in OTHER_OPTIONS):
        return None
    try:
        settings = _settings(params)
        if settings is None or _proxied(settings.host):
            return None
        return _connection(settings)
    except UNUSUAL:
        return None


def _settings(params: dict) -> Settings | None:
    settings: Settings | None = Settings()
    if not params.get("host") or params.get("kubeconfig"):
        settings = _of_kubeconfig(params)
    if settings is None:
        return None
    if params.get("host"):
        settings.host = params["host"].rstrip("/")
    if params.get("api_key"):
        settings.token = params["api_key"]
    for option, name in (
        ("ca_cert", "authority"),
        ("client_cert", "certificate"),
        ("client_key", "key"),
    ):
        if params.get(option):
            if not os.path.isfile(params[option]):
                return None
            setattr(settings, name, params[option])
    if params.get("validate_certs") is not None:
        settings.verify = params["validate_certs"]
    return settings if settings.host.startswith(("http://", "https://")) else None


def _of_kubeconfig(params: dict) -> Settings | None:
    source, context = params.get("kubeconfig"), params.get("context")
    content = content_of(source)
    if content is not None:
        found = [content]
    else:
        paths = kubeconfig_paths(source)
        found = documents(paths)
        if len(found) < sum(map(os.path.exists, paths)):
            return None  # one of the files is broken
    cluster, user = cluster_of(found, context), user_of(found, context)
    if not cluster or cluster.keys() - CLUSTER_KEYS or user.keys() - USER_KEYS:
        return None
    return Settings(
        cluster["server"].rstrip("/"),
        user.get("token") or "",
        not cluster.get("insecure-skip-tls-verify"),
        cluster.get("tls-server-name") or "",
        _pem(cluster, "certificate-authority"),
        _pem(user, "client-certificate"),
        _pem(user, "client-key"),
        impersonated(found, context),
    )


def _pem(entry: dict, name: str) -> str:
    """Return PEM text, or the absolute path of its file; empty without either."""
    data = entry.get(f"{name}-data")
    if data:
        return base64.b64decode(data, validate=True).decode()
    path = entry.get(name) or ""
    if path and not os.path.isabs(path):
        raise ValueError("a path that is relative to its kubeconfig")
    return path


def _proxied(host: str) -> bool:
    proxies = getproxies()
    return bool(proxies.get(host.partition(":")[0]) or proxies.get("all"))


def _connection(settings: Settings) -> Connection:
    tls = {}
    if settings.host.startswith("https://"):
        required = ssl.CERT_REQUIRED if settings.verify else ssl.CERT_NONE
        tls = {"ssl_context": _tls_context(settings, required), "cert_reqs": required}
        if settings.server_name:
            tls["server_hostname"] = settings.server_name
        if not settings.verify:
            urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
    # urllib3 must not retry by itself: retries are decided in one place, by what was asked
    pool = urllib3.PoolManager(maxsize=POOL_SIZE, retries=False, **tls)
    authorization = f"Bearer {settings.token}" if settings.token else ""
    headers = {"User-Agent": USER_AGENT}
    return Connection(settings.host, pool, headers, lambda: authorization, settings.impersonation)


def _tls_context(settings: Settings, required: ssl.VerifyMode) -> ssl.SSLContext:
    context = urllib3.util.ssl_.create_urllib3_context(cert_reqs=required)
    if settings.verify and settings.authority.startswith("-----BEGIN"):
        context.load_verify_locations(cadata=settings.authority)
    elif settings.verify and settings.authority:
        context.load_verify_locations(cafile=settings.authority)
    elif settings.verify:
        context.load_default_certs()
    if settings.certificate:
        # Python reads a key only from a file
        with tempfile.TemporaryDirectory(prefix="slipway-") as folder:
            paths = [_as_file(text, folder) for text in (settings.certificate, settings.key)]
            context.load_cert_chain(paths[0], paths[1] or None, _refuse_password)
    return context


def _as_file(text: str, folder: str) -> str:
    if not text.startswith("-----BEGIN"):
        return text
    handle, path = tempfile.mkstemp(dir=folder)  # with mode 0600
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def _refuse_password() -> str:
    raise ValueError("the key is encrypted")
