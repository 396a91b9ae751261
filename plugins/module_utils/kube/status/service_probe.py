"""Does a service serve? Its EndpointSlices say who should answer; then it is really asked."""

from __future__ import annotations

import re
import socket
from typing import Any
from urllib.parse import urlparse

from ansible_collections.slipway.lab.plugins.module_utils.kube.client import KubeClient
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import ApiError, KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.paths import path_segment

try:
    import urllib3
except ImportError:
    # reported with instructions by kube_config.api_client
    urllib3 = None

SERVICE_LABEL = "kubernetes.io/service-name"
ASK_SECONDS = 5
# a stale rule sends a share of the requests to a pod that is gone: one lucky answer proves little
SUCCESSES = 3
BELOW = 500
APP_PROTOCOLS = {
    "http": "http",
    "https": "https",
    "kubernetes.io/ws": "http",
    "kubernetes.io/wss": "https",
}
OTHER_PROTOCOLS = (
    "grpc", "http2", "tls", "redis", "mongo", "mysql", "postgres", "postgresql", "amqp", "kafka",
    "mqtt", "ldap", "ssh", "smtp", "dns",
)  # fmt: skip
WELL_KNOWN_PORTS = {80: "http", 8080: "http", 443: "https", 8443: "https"}


def ready_addresses(slices: list[dict]) -> int:
    """Return the number of ready addresses in the slices of a Service, of the larger address family."""
    families: dict[str, int] = {}
    for part in slices:
        count = sum(
            len(endpoint.get("addresses") or [])
            for endpoint in part.get("endpoints") or []
            if (endpoint.get("conditions") or {}).get("ready", True)
        )
        family = part.get("addressType", "IPv4")
        families[family] = families.get(family, 0) + count
    return max(families.values(), default=0)


class ServiceProbe:
    """Asks one service until it has answered ``successes`` times in a row.

    ``options`` is ``serve`` of the short form: path, port, scheme (http, https, tcp, none), status,
    url, successes. Without ``url`` the question goes through the API server's service proxy.

    Args:
        client: Sends the questions.
        service: The Service, or None for an application without one, whose ``options`` have a URL.
        options: ``serve`` of the short form, or None.
        template: Template of the pods behind the Service; its probes tell the protocol.
    """

    def __init__(
        self,
        client: KubeClient,
        service: dict | None,
        options: dict | None,
        template: dict | None = None,
    ):
        options = {name: value for name, value in (options or {}).items() if value is not None}
        self.client = client
        self.service = service
        self.url = options.get("url", "")
        self.path = "/" + options.get("path", "").lstrip("/")
        self.status = options.get("status") or []
        self.strict = bool(options.get("path"))
        self.successes = options.get("successes") or SUCCESSES
        self.port = self._port(options.get("port"))
        self._template = template or {}
        # why the question could not be asked, for a warning
        self.unasked = ""
        self.scheme = options.get("scheme") or self._scheme(options)

    @property
    def name(self) -> str:
        """Return the description of the Service, or the URL of an application without one."""
        if self.service is None:
            return self.url
        return f"Service {self.service['metadata']['namespace']}/{self.service['metadata']['name']}"

    def _port(self, wanted: Any) -> dict:
        if self.service is None:
            return {}
        ports = self.service["spec"].get("ports") or [{}]
        if wanted is None:
            return ports[0]
        for port in ports:
            if str(wanted) in (port.get("name"), str(port["port"])):
                return port
        raise KubeError(f"{self.name} has no port {wanted!r}")

    def _scheme(self, options: dict) -> str:
        if self.url:
            return urlparse(self.url).scheme
        if not self.port or self.port.get("protocol", "TCP") != "TCP":
            return "none"
        if self.service["spec"].get("type") == "ExternalName":
            return "none"
        found = _scheme_of_port(self.port) or _scheme_of_probes(self.port, self._template)
        if not found and (options.get("path") or options.get("status")):
            return "http"
        return found or "tcp"

    def run(self) -> tuple[bool, str]:
        """Ask as often as needed; (whether it serves, what was seen)."""
        if self.scheme == "none":
            return True, "not asked: no TCP port"
        text = ""
        for _ in range(self.successes):
            good, text = self._once()
            if not good:
                return False, text
        return True, text

    def _once(self) -> tuple[bool, str]:
        try:
            if self.scheme == "tcp":
                return self._connect()
            if self.url:
                return self._direct()
            return self._through_api()
        except (KubeError, OSError, urllib3.exceptions.HTTPError) as error:
            return False, f"{self.name} does not answer: {error}"

    def _connect(self) -> tuple[bool, str]:
        if not self.url:
            return True, (
                f"{self.name} has ready addresses; its port declares no protocol, so it was not asked"
            )
        target = urlparse(self.url)
        with socket.create_connection((target.hostname, target.port), timeout=ASK_SECONDS):
            return True, f"{self.url} accepts connections"

    def _direct(self) -> tuple[bool, str]:
        # each request needs a new connection to be balanced
        with urllib3.PoolManager(retries=False, timeout=ASK_SECONDS, cert_reqs="CERT_NONE") as pool:
            answer = pool.request(
                "GET",
                self.url,
                headers={"Connection": "close", "User-Agent": "slipway"},
                redirect=False,
            )
            return self._judge(answer.status, self.url)

    def _through_api(self) -> tuple[bool, str]:
        metadata, prefix = self.service["metadata"], "https:" if self.scheme == "https" else ""
        name = f"{prefix}{metadata['name']}:{self.port.get('name') or self.port['port']}"
        root = f"/api/v1/namespaces/{path_segment(metadata['namespace'])}/services"
        path = f"{root}/{path_segment(name)}/proxy{self.path}"
        try:
            answer = self.client.raw("GET", path, ASK_SECONDS)
        except ApiError as error:
            if error.status == 403 and "services/proxy" in str(error):
                self.unasked = f"{self.name} was not asked: {error}"
                return True, self.unasked
            if _is_of_api_server(error):
                return False, f"{self.name} does not answer: {error}"
            return self._judge(error.status, f"{self.name}{self.path}")
        return self._judge(answer.status, f"{self.name}{self.path}", answer)

    def _judge(self, status: int, where: str, answer=None) -> tuple[bool, str]:
        if answer is not None:
            answer.read()
        good = status in self.status if self.status else status < (400 if self.strict else BELOW)
        return good, f"{where} answered {status}"


def _scheme_of_port(port: dict) -> str:
    """Return the protocol that the port of a Service declares; empty when it declares none."""
    declared = port.get("appProtocol")
    if declared:
        return APP_PROTOCOLS.get(declared.lower(), "tcp")
    name = port.get("name") or ""
    if name.startswith("https"):
        return "https"
    if re.fullmatch(r"http(-.*)?|web(-.*)?", name):
        return "http"
    if name.partition("-")[0] in OTHER_PROTOCOLS:
        return "tcp"
    return WELL_KNOWN_PORTS.get(port.get("port"), "")


def _scheme_of_probes(port: dict, template: dict) -> str:
    """Return the protocol with which a probe asks the port of a container that a Service leads to."""
    target = port.get("targetPort", port.get("port"))
    for container in (template.get("spec") or {}).get("containers") or []:
        names = {target}
        for own in container.get("ports") or []:
            if target in (own.get("name"), own.get("containerPort")):
                names |= {own.get("name"), own["containerPort"]}
        for kind in ("readinessProbe", "livenessProbe", "startupProbe"):
            asked = (container.get(kind) or {}).get("httpGet")
            if asked and asked.get("port") in names - {None}:
                return (asked.get("scheme") or "HTTP").lower()
    return ""


def _is_of_api_server(error: ApiError) -> bool:
    """Return whether the API server itself answers because it did not reach the application."""
    if error.body.get("kind") != "Status":
        return False
    if error.status in (502, 504):
        return True
    message = str(error.body.get("message") or "")
    details = error.body.get("details") or {}
    return (
        "error trying to reach service" in message
        or "no endpoints available" in message
        or (error.status in (403, 404) and details.get("kind") == "services")
    )
