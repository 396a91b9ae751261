"""A Docker API on a unix socket that only reports its kind of engine: fake_docker.py SOCKET KIND."""

import json
import os
import socketserver
import sys
from http.server import BaseHTTPRequestHandler

path, kind = sys.argv[1], sys.argv[2]
engine = {"Name": "Engine", "Version": "28.3.0"}
version = {
    "Version": "28.3.0",
    "ApiVersion": "1.51",
    "MinAPIVersion": "1.44",
    "Os": "linux",
    "Components": [engine],
}
info = {
    "DockerRootDir": "/var/lib/docker",
    "ServerVersion": "28.3.0",
    "SecurityOptions": ["name=seccomp,profile=builtin"],
    "OperatingSystem": "Debian GNU/Linux 12 (bookworm)",
    "Driver": "overlay2",
    "CgroupVersion": "2",
}
if kind == "rootless":
    info |= {
        "SecurityOptions": [*info["SecurityOptions"], "name=rootless", "name=cgroupns"],
        "Rootless": True,
        "DockerRootDir": "/home/ada/.local/share/docker",
    }
elif kind == "userns":
    info |= {
        "SecurityOptions": [*info["SecurityOptions"], "name=userns"],
        "DockerRootDir": "/var/lib/docker/231072.231072",
    }
elif kind == "podman":
    version = {
        "Version": "4.3.1",
        "ApiVersion": "1.41",
        "MinAPIVersion": "1.24",
        "Os": "linux",
        "Platform": {"Name": "linux/amd64/debian-12"},
        "Components": [
            {"Name": "Podman Engine", "Version": "4.3.1", "Details": {"APIVersion": "4.3.1"}}
        ],
    }
    info |= {
        "ServerVersion": "4.3.1",
        "DockerRootDir": "/var/lib/containers/storage",
        "Driver": "overlay",
    }


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        answer = version if "/version" in self.path else info if "/info" in self.path else []
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def address_string(self):
        return "unix"

    def log_message(self, *_):
        pass


class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True


if os.path.exists(path):
    os.unlink(path)
Server(path, Handler).serve_forever()
