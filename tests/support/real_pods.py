"""Pods of a real API server without nodes: a thread does what a scheduler and a kubelet would.

Each pod is bound to the node ``n1`` and runs immediately, or, with an image of ``broken``, waits for ever. A pod that
is deleted ends immediately. Logs are served as a kubelet serves them.
"""

from __future__ import annotations

import ssl
import threading
from http.server import BaseHTTPRequestHandler

from support.loopback import LoopbackServer

NODE = "n1"
LOOK_SECONDS = 0.1
STRATEGIC = "application/strategic-merge-patch+json"
LOG = b"a line of the log\n"


class RealPods:
    """Runs the pods of ``server`` (RealApiServer). Use as a context manager."""

    def __init__(self, server):
        self._server = server
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._work, daemon=True)
        # images whose pods never run
        self.broken: set[str] = set()
        # address of all pods
        self.address = "10.244.0.1"

    def __enter__(self) -> RealPods:
        self._kubelet = LoopbackServer(_Kubelet, self._tls())
        self._server.must("POST", "/api/v1/nodes", {"metadata": {"name": NODE}})
        self._server.must("PATCH", f"/api/v1/nodes/{NODE}/status", self._status(), STRATEGIC)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()
        self._kubelet.close()

    def _tls(self) -> ssl.SSLContext:
        certificate = self._server.authority.issue("kubelet", names=("127.0.0.1",))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, certificate.with_suffix(".key"))
        return context

    def _status(self) -> dict:
        port = self._kubelet.server_port
        return {
            "status": {
                "conditions": [{"type": "Ready", "status": "True", "reason": "Test"}],
                "addresses": [{"type": "InternalIP", "address": "127.0.0.1"}],
                "daemonEndpoints": {"kubeletEndpoint": {"Port": port}},
                "capacity": {"cpu": "64", "memory": "64Gi", "pods": "1000"},
                "allocatable": {"cpu": "64", "memory": "64Gi", "pods": "1000"},
            }
        }

    def _work(self) -> None:
        while not self._ended.wait(LOOK_SECONDS):
            try:
                status, answer = self._server.request("GET", "/api/v1/pods")
            except OSError:  # a busy server; the next look follows
                continue
            for pod in answer.get("items") or []:
                self._serve(pod)

    def _serve(self, pod: dict) -> None:
        metadata, spec = pod["metadata"], pod["spec"]
        path = f"/api/v1/namespaces/{metadata['namespace']}/pods/{metadata['name']}"
        if metadata.get("deletionTimestamp"):
            self._server.request("DELETE", path, {"gracePeriodSeconds": 0})
        elif not spec.get("nodeName"):
            target = {"apiVersion": "v1", "kind": "Node", "name": NODE}
            body = {"metadata": {"name": metadata["name"]}, "target": target}
            self._server.request("POST", f"{path}/binding", body)
        elif pod["status"].get("phase") == "Pending" and not pod["status"].get("containerStatuses"):
            body = {
                "status": _broken(spec) if self._is_broken(spec) else _running(spec, self.address)
            }
            self._server.request("PATCH", f"{path}/status", body, STRATEGIC)

    def _is_broken(self, spec: dict) -> bool:
        return any(container["image"] in self.broken for container in spec["containers"])


class _Kubelet(BaseHTTPRequestHandler):
    """Answers for the logs of every container."""

    def log_message(self, *_: object) -> None:
        """Quiet."""

    def do_GET(self) -> None:
        known = self.path.startswith("/containerLogs/")
        self.send_response(200 if known else 404)
        self.send_header("Content-Length", str(len(LOG) if known else 0))
        self.end_headers()
        self.wfile.write(LOG if known else b"")

    do_POST = do_GET


def _running(spec: dict, address: str) -> dict:
    job = spec.get("restartPolicy") in ("Never", "OnFailure")
    state = {"terminated": {"exitCode": 0}} if job else {"running": {}}
    return {
        "phase": "Succeeded" if job else "Running",
        "podIP": address,
        "podIPs": [{"ip": address}],
        "conditions": [{"type": kind, "status": str(not job)} for kind in ("Ready", "ContainersReady")],
        "containerStatuses": [_container(one, not job, state) for one in spec["containers"]],
    }  # fmt: skip


def _broken(spec: dict) -> dict:
    state = {"waiting": {"reason": "ErrImagePull", "message": "not found"}}
    return {"containerStatuses": [_container(one, False, state) for one in spec["containers"]]}


def _container(container: dict, ready: bool, state: dict) -> dict:
    return {
        "name": container["name"],
        "image": container["image"],
        "imageID": container["image"],
        "ready": ready,
        "started": ready,
        "restartCount": 0,
        "state": state,
    }
