"""Does a service serve? Its EndpointSlices say who should answer; then it is really asked."""

from __future__ import annotations

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
    """

    def __init__(self, client: KubeClient, service: dict, options: dict | None):
        options = {name: value for name, value in (options or {}).items() if value is not None}
        self.client = client
        self.service = service
        self.url = options.get("url", "")
        self.path = "/" + options.get("path", "").lstrip("/")
        self.status = options.get("status") or []
        self.strict = bool(options.get("path"))
        self.successes = options.get("successes") or SUCCESSES
        self.port = self._port(options.get("port"))
        self.scheme = options.get("scheme") or self._scheme()

    @property
    def name(self) -> str:
        """Return the description of the Service."""
        return f"Service {self.service['metadata']['namespace']}/{self.service['metadata']['name']}"

    def _port(self, wanted: Any) -> dict:
        ports = self.service["spec"].get("ports") or [{}]
        if wanted is None:
            return ports[0]
        for port in ports:
            if str(wanted) in (port.get("name"), str(port["port"])):
                return port
        raise KubeError(f"{self.name} has no port {wanted!r}")

    def _scheme(self) -> str:
        if self.url:
            return urlparse(self.url).scheme
        if not self.port or self.port.get("protocol", "TCP") != "TCP":
            return "none"
        if self.service["spec"].get("type") == "ExternalName":
            return "none"
        return (
            "https" if self.port.get("name") == "https" or self.port.get("port") == 443 else "http"
        )

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
            return True, "not asked: a TCP port is only reachable by serve.url (tcp://ADDRESS:PORT)"
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
            if error.body.get("kind") == "Status":
                # this is the API server speaking, not the application
                return False, f"{self.name} does not answer: {error}"
            return self._judge(error.status, f"{self.name}{self.path}")
        return self._judge(answer.status, f"{self.name}{self.path}", answer)

    def _judge(self, status: int, where: str, answer=None) -> tuple[bool, str]:
        if answer is not None:
            answer.read()
        good = status in self.status if self.status else status < (400 if self.strict else BELOW)
        return good, f"{where} answered {status}"
