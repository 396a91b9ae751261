"""A registry over TLS in this process: what the modules ask of the distribution API, kept in memory."""

from __future__ import annotations

import base64
import hashlib
import http.server
import json
import re
import ssl
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from support.certificate import certificate
from support.loopback import LoopbackServer

MANIFEST = "application/vnd.oci.image.manifest.v1+json"


class FakeRegistry:
    """The registry: ``blobs`` by repository and digest, ``manifests`` by repository and tag or digest.

    With ``password`` (``USER:PASSWORD``) it asks for it: itself (``Basic``), or for a token of its own (``Bearer``).
    """

    def __init__(self, folder: Path):
        self.ca = certificate(folder)
        self.blobs: dict[tuple[str, str], bytes] = {}
        self.manifests: dict[tuple[str, str], bytes] = {}
        self.writes: list[str] = []
        self.password, self.scheme = "", "Basic"
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.ca, self.ca.with_suffix(".key"))
        handler = type("Handler", (_Handler,), {"registry": self})
        self.server = LoopbackServer(handler, context)
        self.host, self.close = self.server.host, self.server.close

    def digest(self, repository: str, tag: str) -> str:
        """Return the digest of an image."""
        return digest(self.manifests[repository, tag])

    def config(self, repository: str, tag: str) -> dict:
        """Return the configuration of an image; all its blobs must exist."""
        manifest = json.loads(self.manifests[repository, tag])
        for one in [manifest["config"], *manifest["layers"]]:
            assert len(self.blobs[repository, one["digest"]]) == one["size"]
        return json.loads(self.blobs[repository, manifest["config"]["digest"]])

    def layer(self, repository: str, tag: str, number: int) -> bytes:
        """Return a layer of an image."""
        manifest = json.loads(self.manifests[repository, tag])
        return self.blobs[repository, manifest["layers"][number]["digest"]]


def digest(content: bytes) -> str:
    """Return the digest of a blob."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


class _Handler(http.server.BaseHTTPRequestHandler):
    registry: FakeRegistry
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        pass

    def parse_request(self) -> bool:
        if not super().parse_request():
            return False
        registry = self.registry
        basic = f"Basic {base64.b64encode(registry.password.encode()).decode()}"
        given = self.headers["Authorization"]
        if self.path.startswith("/token"):
            status, content = (200, b'{"token": "t0ken"}') if given == basic else (401, b"{}")
        elif (
            registry.password
            and given != {"Basic": basic, "Bearer": "Bearer t0ken"}[registry.scheme]
        ):
            status, content = 401, b"{}"
        else:
            return True
        asked = (
            f'realm="https://{registry.host}/token",service="registry",scope="repository:x:pull"'
        )
        self.close_connection = True  # a body may be left unread
        self._answer(status, content, {"WWW-Authenticate": f"{registry.scheme} {asked}"})
        return False

    def do_GET(self) -> None:
        found = re.fullmatch(r"/v2/(.+)/(manifests|blobs)/([^/]+)", urlsplit(self.path).path)
        store = self.registry.manifests if found[2] == "manifests" else self.registry.blobs
        content = store.get((found[1], found[3]))
        if content is None:
            self._answer(404, b"{}")
        else:
            self._answer(200, content, {"Docker-Content-Digest": digest(content)})

    do_HEAD = do_GET

    def do_POST(self) -> None:
        url = urlsplit(self.path)
        repository, query = url.path[len("/v2/") : -len("/blobs/uploads/")], parse_qs(url.query)
        lent = self.registry.blobs.get((query.get("from", [""])[0], query.get("mount", [""])[0]))
        self.registry.writes.append(f"POST {repository}")
        if lent is not None:
            self.registry.blobs[repository, digest(lent)] = lent
            self._answer(201, b"")
        else:
            self._answer(202, b"", {"Location": f"/v2/{repository}/blobs/uploads/1?state=x"})

    def do_PUT(self) -> None:
        url = urlsplit(self.path)
        content = self.rfile.read(int(self.headers["Content-Length"]))
        self.registry.writes.append(f"PUT {url.path}")
        if found := re.fullmatch(r"/v2/(.+)/blobs/uploads/1", url.path):
            asked = parse_qs(url.query)
            assert asked["state"] == ["x"] and asked["digest"] == [digest(content)]
            self.registry.blobs[found[1], digest(content)] = content
        else:
            found = re.fullmatch(r"/v2/(.+)/manifests/([^/]+)", url.path)
            assert self.headers["Content-Type"] == json.loads(content)["mediaType"]
            self.registry.manifests[found[1], found[2]] = content
            self.registry.manifests[found[1], digest(content)] = content
        self._answer(201, b"")

    def _answer(self, status: int, content: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {**(headers or {}), "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)
