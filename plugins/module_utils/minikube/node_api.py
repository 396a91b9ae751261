"""The Kubernetes API of a profile, with the client certificate that Minikube made. Needs no kubectl."""

from __future__ import annotations

import json
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from ansible_collections.slipway.lab.plugins.module_utils.common.errors import SlipwayError

REQUEST_SECONDS = 10
WATCH_SECONDS = 2
RETRY_SECONDS = 0.5
NODES = "/api/v1/nodes"
LEASES = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases"
# Seconds for which the node controller assumes a living node: leaseDurationSeconds of the kubelet.
LEASE_SECONDS = 40


class ApiError(SlipwayError):
    """The API did not answer, or refused.

    Attributes:
        status: The HTTP status of a refusal, 0 when the API did not answer.
        reason: The API's own words about a refusal.
    """

    def __init__(self, message: str, status: int = 0, reason: str = ""):
        super().__init__(message)
        self.status = status
        self.reason = reason


class NodeApi:
    """The nodes of one cluster."""

    def __init__(self, minikube_home: Path, profile: str, address: str, port: int):
        self.url = f"https://{address}:{port}"
        files = minikube_home / "profiles" / profile
        try:
            self._context = ssl.create_default_context(cafile=str(minikube_home / "ca.crt"))
            self._context.load_cert_chain(files / "client.crt", files / "client.key")
        except (OSError, ssl.SSLError) as error:
            raise ApiError(
                f"the certificates of the profile {profile} cannot be read: {error}"
            ) from error

    def nodes(self) -> dict[str, dict]:
        """Return the Node objects by name.

        Raises:
            ApiError: the API did not answer.
        """
        return {n["metadata"]["name"]: n for n in self.request("GET", NODES)["items"]}

    def delete_node(self, name: str) -> None:
        """Delete a Node object; one that is not there is fine."""
        try:
            self.request("DELETE", f"{NODES}/{name}")
        except ApiError as error:
            if error.status != 404:
                raise

    def patch_node(self, name: str, patch: dict) -> None:
        """Merge a patch into a Node object (lists are replaced)."""
        self.request("PATCH", f"{NODES}/{name}", patch)

    def ready(self, started: dict[str, float]) -> set[str]:
        """Return the nodes that are Ready by a word of their kubelet that is newer than their own start.

        A cluster that was down for less than 40 seconds still shows the conditions from before. What tells is when
        the kubelet last wrote the condition, or the lease that it renews every 10 seconds; a new node gets its first
        lease only 10 seconds after it is Ready.

        Args:
            started: nodes to look at, with the time of their start in seconds since the epoch.
        """
        return self._look(started)[0]

    def _look(self, started: dict[str, float]) -> tuple[set[str], str]:
        """Return the nodes that are Ready, and what to watch for the change that the others lack.

        That is the Node objects, which change with the condition, unless the kubelet of one has not yet spoken.
        """
        nodes = self.request("GET", NODES)
        leases = self.request("GET", LEASES)
        live = {node["metadata"]["name"]: node for node in nodes["items"]}
        by_name = {lease["metadata"]["name"]: lease for lease in leases["items"]}
        spoken = {
            name
            for name, since in started.items()
            if is_fresh(by_name.get(name), since) or has_written(live.get(name), since)
        }
        path, seen = (NODES, nodes) if spoken == set(started) else (LEASES, leases)
        version = seen["metadata"]["resourceVersion"]
        ready = {name for name in spoken if name in live and is_ready(live[name])}
        return ready, f"{path}?watch=1&resourceVersion={version}"

    def wait_ready(
        self, started: dict[str, float], seconds: float, report: Callable[[str], None]
    ) -> set[str]:
        """Watch until the nodes are Ready; return those that are not when the time is over.

        Raises nothing while the API does not answer: it may be starting itself.
        """
        end = time.monotonic() + seconds
        told: set[str] = set()
        while True:
            try:
                ready, watch = self._look(started)
                missing = set(started) - ready
                if not missing:
                    return missing
                if missing != told:
                    report(f"Waiting for {', '.join(sorted(missing))} to be Ready")
                    told = missing
                self._await_change(watch, min(WATCH_SECONDS, end - time.monotonic()))
            except (ApiError, OSError):
                missing = set(started)
                time.sleep(RETRY_SECONDS)
            if time.monotonic() > end:
                return missing

    def _await_change(self, watch: str, seconds: float) -> None:
        """Return with the next change of what is watched, or when the time is over."""
        path = f"{watch}&timeoutSeconds={max(1, int(seconds))}"
        with self._open("GET", path, None, seconds + 1) as stream:
            next(iter(stream), None)

    def request(self, method: str, path: str, body: dict | None = None) -> dict:
        """Send a request and return the answer.

        Raises:
            ApiError: The API did not answer, or refused.
        """
        with self._open(method, path, body, REQUEST_SECONDS) as answer:
            return json.loads(answer.read() or b"{}")

    def _open(self, method: str, path: str, body: dict | None, seconds: float):
        data = None if body is None else json.dumps(body).encode()
        kind = "application/merge-patch+json" if method == "PATCH" else "application/json"
        headers = {"Content-Type": kind} if data else {}
        request = urllib.request.Request(self.url + path, data=data, method=method, headers=headers)
        opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=self._context)
        )
        try:
            return opener.open(request, timeout=seconds)
        except urllib.error.HTTPError as error:
            raise _refusal(f"{method} {path}", error) from error
        except (urllib.error.URLError, OSError) as error:
            raise ApiError(
                f"{self.url} does not answer: {getattr(error, 'reason', error)}"
            ) from error


def _refusal(request: str, error: urllib.error.HTTPError) -> ApiError:
    text = error.read().decode(errors="replace")
    try:
        status = json.loads(text)
        causes = (status.get("details") or {}).get("causes") or []
        reason = "; ".join(c.get("message", "") for c in causes) or status.get("message", "")
    except (ValueError, AttributeError):
        reason = text[:300]
    return ApiError(f"{request}: {error.code} {reason}", error.code, reason)


def is_fresh(lease: dict | None, since: float) -> bool:
    """Return whether a lease was renewed after ``since`` and lately."""
    return _lately(((lease or {}).get("spec") or {}).get("renewTime"), since)


def has_written(node: dict | None, since: float) -> bool:
    """Return whether the kubelet wrote the condition Ready, true or not, lately and after ``since``."""
    return _lately(_ready_condition(node or {}).get("lastHeartbeatTime"), since)


def _lately(text: str | None, since: float) -> bool:
    """Return whether a moment, as the API writes it, is not before ``since`` and not long ago."""
    if not text:
        return False
    # Python before 3.11 does not read the letter Z.
    moment = datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()
    return moment >= since and time.time() - moment <= LEASE_SECONDS


def is_ready(node: dict) -> bool:
    """Return whether a Node object has the condition Ready."""
    return _ready_condition(node).get("status") == "True"


def _ready_condition(node: dict) -> dict:
    conditions = (node.get("status") or {}).get("conditions") or []
    return next((c for c in conditions if c["type"] == "Ready"), {})
