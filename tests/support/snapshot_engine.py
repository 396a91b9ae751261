"""A stand-in for a Docker engine that changes: containers, volumes, networks and images as directories and files.

Its client is a script in a directory for PATH. It copies files with the real ``tar`` and ``du``.
"""

from __future__ import annotations

import json
import shutil
import socketserver
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

CLIENT = """#!/usr/bin/python3 -SE
import os, subprocess, sys
root, words = {root!r}, sys.argv[1:]
with open(root + "/asked", "a") as log:
    log.write(" ".join(words) + chr(10))
if os.path.exists(root + "/broken-" + words[0]):
    sys.exit("the engine said no")
if words[0] == "export":
    sys.exit(subprocess.call(["tar", "-C", f"{{root}}/roots/{{words[1]}}", "-c", "."]))
if words[0] == "import":
    place = f"{{root}}/images/{{words[-1].replace('/', '_')}}"
    os.makedirs(place)
    sys.exit(subprocess.call(["tar", "-C", place, "-x"]))
places, program, rest = {{}}, "", []
for word in words[1:]:
    if word.startswith("--volume="):
        source, inside = word[9:].split(":")[:2]
        places[inside] = source if source.startswith("/") else f"{{root}}/volumes/{{source}}"
    elif word.startswith("--entrypoint="):
        program = word[13:]
    elif rest or not word.startswith(("--rm", "--network=", "--cap-add=", "--label=")):
        rest.append(word)
for inside in sorted(places, reverse=True):
    rest = [word.replace(inside, places[inside]) for word in rest]
# The attributes of overlay file systems need root.
drop = ("--xattrs", "--xattrs-include=*")
sys.exit(subprocess.call([program, *[word for word in rest[1:] if word not in drop]]))
"""


class FakeEngine:
    """The engine.

    Attributes:
        refuse: Beginnings of ``METHOD /path`` that it refuses.
    """

    def __init__(self, root: Path):
        self.root = root
        self.socket = str(root / "engine.sock")
        self.containers: dict[str, dict] = {}
        self.networks: dict[str, dict] = {}
        self.volumes: dict[str, dict] = {}
        self.images: set[str] = set()
        self.asked: list[str] = []
        self.refuse: list[str] = []
        self.cgroup = "1"
        (root / "bin").mkdir(parents=True)
        for name in ("roots", "volumes", "images"):
            (root / name).mkdir()
        client = root / "bin/docker"
        client.write_text(CLIENT.format(root=str(root)))
        client.chmod(0o755)

    def add_network(self, lab: str, subnet: str = "10.213.0.0/24") -> None:
        """Add the network of a lab."""
        self.networks[f"slipway-{lab}"] = {
            "Name": f"slipway-{lab}",
            "Labels": {"slipway": lab},
            "IPAM": {"Config": [{"Subnet": subnet}]},
        }

    def add_volume(self, name: str, lab: str, **files: str) -> Path:
        """Add a volume with files; return its directory."""
        self.volumes[name] = {"Name": name, "Labels": {"slipway": lab}}
        place = self.root / "volumes" / name
        place.mkdir(exist_ok=True)
        for file, content in files.items():
            (place / file).write_text(content)
        return place

    def add_container(self, name: str, body: dict, running: bool = False) -> None:
        """Add a container as a request to create it describes it."""
        endpoints = (body.get("NetworkingConfig") or {}).get("EndpointsConfig") or {}
        config = {k: v for k, v in body.items() if k not in ("HostConfig", "NetworkingConfig")}
        self.containers[name] = {
            "Id": name,
            "Name": f"/{name}",
            "Image": "sha256:" + config["Image"].replace(":", "-").replace("/", "-").ljust(64, "0"),
            "Config": {"User": "", **config},
            "HostConfig": body["HostConfig"],
            "NetworkSettings": {"Networks": {key: dict(one) for key, one in endpoints.items()}},
            "Mounts": body["HostConfig"].get("Mounts") or [],
            "State": {"Running": running},
            "SizeRootFs": 1000,
        }
        self.images.add(config["Image"])
        (self.root / "roots" / name).mkdir(exist_ok=True)

    def of_lab(self, table: dict, query: dict) -> list[dict]:
        """Return the objects of a table that have the label of the query."""
        wanted = json.loads(query["filters"][0])["label"][0] if "filters" in query else ""
        key, _, value = wanted.partition("=")
        labels = [
            (one, one.get("Labels") or one.get("Config", {}).get("Labels"))
            for one in table.values()
        ]
        return [one for one, own in labels if not wanted or (own or {}).get(key) == value]

    def answer(self, method: str, url: str, body: dict | None) -> tuple[int, object]:
        """Return status and content of the answer to a request."""
        parts = urlsplit(url)
        path, query = unquote(parts.path), parse_qs(parts.query)
        self.asked.append(f"{method} {path}")
        if any(self.asked[-1].startswith(one) for one in self.refuse):
            return 500, {"message": "refused by the test"}
        _, kind, *names = path.split("/")
        if kind == "info":
            return 200, {"CgroupVersion": self.cgroup, "DockerRootDir": str(self.root)}
        name = (
            "/".join(names[:-1])
            if names[-1:] and names[-1] in ("json", "rename")
            else "/".join(names)
        )
        return getattr(self, f"_{kind}")(method, name, names, query, body)

    def _containers(self, method, name, names, query, body):
        if names == ["json"]:
            found = self.of_lab(self.containers, query)
            volumes = json.loads(query.get("filters", ["{}"])[0]).get("volume")
            uses = [{mount.get("Source") for mount in one["Mounts"]} for one in found]
            return 200, [
                one
                for one, used in zip(found, uses, strict=True)
                if not volumes or used & {*volumes}
            ]
        if names == ["create"]:
            self.add_container(query["name"][0], body)
            return 201, {"Id": query["name"][0]}
        if name not in self.containers:
            return 404, {"message": "no such container"}
        if method == "DELETE":
            del self.containers[name]
            return 204, None
        if names[-1] == "rename":
            new = query["name"][0]
            self.containers[new] = {**self.containers.pop(name), "Name": f"/{new}", "Id": new}
            return 204, None
        return 200, self.containers[name]

    def _volumes(self, method, name, names, query, body):
        if method == "GET":
            return 200, {"Volumes": self.of_lab(self.volumes, query) or None}
        if method == "POST":
            self.volumes[body["Name"]] = {"Name": body["Name"], "Labels": body["Labels"]}
            (self.root / "volumes" / body["Name"]).mkdir(exist_ok=True)
            return 201, body
        used = [m.get("Source") for one in self.containers.values() for m in one["Mounts"]]
        if name in used:
            return 409, {"message": "volume is in use"}
        if self.volumes.pop(name, None) is None:
            return 404, {"message": "no such volume"}
        return 204, None

    def _networks(self, method, name, names, query, body):
        if method == "GET":
            return 200, self.of_lab(self.networks, query)
        if method == "POST":
            self.networks[body["Name"]] = body
            return 201, body
        return (
            (204, None) if self.networks.pop(name, None) else (404, {"message": "no such network"})
        )

    def _images(self, method, name, names, query, body):
        made = self.root / "images" / name.replace("/", "_")
        if name not in self.images and not made.exists():
            return 404, {"message": "no such image"}
        if method == "DELETE":
            if any(one["Config"]["Image"] == name for one in self.containers.values()):
                return 409, {"message": "image is in use"}
            self.images.discard(name)
            shutil.rmtree(made, ignore_errors=True)
        return 200, {}


class _Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True


@contextmanager
def snapshot_engine(root: Path):
    """Serve an engine while the block runs; yields it."""
    fake = FakeEngine(root)

    class Handler(BaseHTTPRequestHandler):
        def handle_one(self):
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length)) if length else None
            status, content = fake.answer(self.command, self.path, body)
            text = b"" if content is None else json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        do_GET = do_POST = do_DELETE = handle_one  # noqa: N815 - the names that the server calls

        def address_string(self):
            return "socket"

        def log_message(self, *_):
            pass

    with _Server(fake.socket, Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield fake
        finally:
            server.shutdown()
            thread.join()
