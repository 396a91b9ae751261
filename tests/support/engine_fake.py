"""A stand-in for the Docker daemon: answers requests on a socket from a table, and lists of labelled objects."""

from __future__ import annotations

import json
import socketserver
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path


class _Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True


@contextmanager
def engine(socket: Path, answers: dict):
    """Serve the answers by the path of the request, without its query, while the block runs; yields the requests."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            body = json.dumps(answers.get(self.path.partition("?")[0], {})).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def address_string(self):
            return "socket"

        def log_message(self, *_):
            pass

    with _Server(str(socket), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield asked
        finally:
            server.shutdown()
            thread.join()


def labels(lab: str, owner: str = "alice", uid: str = "1001", **more: str) -> dict[str, str]:
    """Return the labels of an object of a lab."""
    own = {"slipway.owner": owner, "slipway.uid": uid} if uid else {}
    return {"slipway": lab, **own, **more}


def container(name: str, lab: str, state: str = "running", host: str = "", **more) -> dict:
    """Return a container as the engine lists it."""
    host_labels = {"slipway.role": "host", "slipway.host": host} if host else {}
    return {
        "Id": f"id-{name}",
        "Names": [f"/{name}"],
        "State": state,
        "Created": 1000,
        "Labels": labels(lab, **more) | host_labels,
    }


def network(lab: str, subnet: str = "10.213.0.0/24", **more) -> dict:
    """Return a network as the engine lists it."""
    return {
        "Name": f"slipway-{lab}",
        "Id": "1" * 64,
        "Created": "2026-11-29T09:48:16.391942416Z",
        "Labels": labels(lab, **more),
        "IPAM": {"Config": [{"Subnet": subnet}]},
    }


def volume(name: str, lab: str, **more) -> dict:
    """Return a volume as the engine lists it."""
    return {"Name": name, "CreatedAt": "2026-11-29T09:49:23Z", "Labels": labels(lab, **more)}
