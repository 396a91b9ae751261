"""A lab without Minikube: stand-ins for minikube and docker, and a real TLS server that speaks the node API.

The stand-ins are processes, as the real ones are, that hand each call to the lab in the test's process.
"""

from __future__ import annotations

import copy
import datetime
import json
import os
import ssl
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import StreamRequestHandler
from unittest.mock import patch

from support import fake_docker, fake_minikube
from support.certificate import certificate
from support.loopback import LoopbackServer
from support.module_runner import run_module

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(__file__).parent / "fake_program"


class Lab:
    """One lab in a directory: keeps its state, serves the API, answers the stand-ins, runs the modules."""

    def __init__(self, directory: Path):
        self.directory = directory
        self.home = directory / "home"
        self.kubeconfig = directory / "kubeconfig"
        self.ca = certificate(directory)
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=str(self.ca))
        context.load_cert_chain(self.ca, self.ca.with_suffix(".key"))
        context.verify_mode = ssl.CERT_REQUIRED
        self._servers = LoopbackServer(_api(self), context), LoopbackServer(_programs(self))
        api, programs = self._servers
        self.lock = threading.RLock()
        self._calls: list[str] = []
        self._state = {
            "containers": {}, "volumes": [], "nodes": {}, "images": ["kicbase:1"], "port": api.server_port,
        }  # fmt: skip
        folder = directory / "bin"
        folder.mkdir()
        for name in ("docker", "minikube"):
            (folder / name).symlink_to(PROGRAM)
        self._environment = {
            "PATH": f"{folder}:{os.environ['PATH']}",
            "FAKE_PORT": str(programs.server_port),
        }

    def close(self) -> None:
        """Stop the servers."""
        for server in self._servers:
            server.close()

    def read(self) -> dict:
        """Return the state of the lab."""
        with self.lock:
            return copy.deepcopy(self._state)

    def write(self, **values: object) -> None:
        """Change parts of the state of the lab."""
        with self.lock:
            self._state.update(copy.deepcopy(values))

    def call(self, name: str, home: str, kubeconfig: str, *words: str) -> tuple[str, str, str]:
        """Do what a program is asked to; return its exit code, and what it prints on both streams."""
        said: list[str] = []
        with self.lock:
            state = self.read()
            try:
                if name == "docker":
                    fake_docker.run(state, list(words), said.append)
                else:
                    self._calls.append(" ".join(words))
                    fake_minikube.run(state, list(words), home, kubeconfig, self.ca, said.append)
                self.write(**state)
                code, error = 0, ""
            except SystemExit as left:
                code, error = (1, left.code) if isinstance(left.code, str) else (left.code, "")
        return str(code), "".join(f"{line}\n" for line in said), error

    @property
    def config_path(self) -> Path:
        """Return the configuration of the profile minikube."""
        return self.home / ".minikube" / "profiles" / "minikube" / "config.json"

    def calls(self) -> list[str]:
        """Return the changing commands that minikube got, and forget them."""
        lines, self._calls = self._calls, []
        reading = ("status", "config defaults", "addons list", "version", "profile")
        return [line for line in lines if not line.startswith(reading)]

    def run(self, module: str = "minikube", *flags: str, **options: object) -> dict:
        """Run the module in this process; return its result."""
        given = self._arguments(module, options)
        with patch.dict(os.environ, self._environment):
            return {
                "failed": False,
                **run_module(module, check="--check" in flags, diff="--diff" in flags, **given),
            }

    def run_through_ansible(self, *keywords: dict, **options: object) -> list[dict]:
        """Run the module minikube in a play, once for each set of keywords of a task; return the results."""
        arguments = self._arguments("minikube", options)
        tasks = [{"minikube": arguments, **more} for more in keywords]
        playbook = self.directory / "playbook.yml"
        playbook.write_text(
            json.dumps([{"hosts": "localhost", "gather_facts": False, "tasks": tasks}])
        )
        done = subprocess.run(
            [str(Path(sys.executable).parent / "ansible-playbook"), "-i", "localhost,"]
            + ["-c", "local", "-e", f"ansible_python_interpreter={sys.executable}", str(playbook)],
            cwd=ROOT,
            env={
                **os.environ,
                **self._environment,
                "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
                "ANSIBLE_STDOUT_CALLBACK": "ansible.posix.json",
            },
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        start = done.stdout.find("{")
        assert start >= 0, done.stdout + done.stderr
        play = json.loads(done.stdout[start:])["plays"][0]
        return [task["hosts"]["localhost"] for task in play["tasks"]]

    def _arguments(self, module: str, options: dict) -> dict:
        own = {"home": str(self.home), "kubeconfig": str(self.kubeconfig)}
        if module == "minikube":
            # Contract tests may run as root, for whom the docker driver wants force.
            own["force"] = os.geteuid() == 0
        return {**own, **options}


def _programs(lab: Lab) -> type[StreamRequestHandler]:
    class Handler(StreamRequestHandler):
        """Calls of fake_program: words with zero bytes between them, both ways."""

        def handle(self) -> None:
            words = self.rfile.read().decode().split("\0")
            self.wfile.write("\0".join(lab.call(*words)).encode())

    return Handler


def _api(lab: Lab) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        """Nodes, and what a drain reads and evicts: pods, budgets and volumes."""

        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            state = lab.read()
            if self.path.startswith("/apis/coordination.k8s.io/"):
                self._answer({"metadata": {"resourceVersion": "1"}, "items": _leases(state)})
                return
            if self.path.startswith("/api/v1/nodes"):
                items = [_node(name, node, state) for name, node in state["nodes"].items()]
            elif self.path.startswith("/api/v1/pods"):
                on_node = self.path.rpartition("%3D")[2]
                items = [p for p in state.get("pods", []) if p["spec"]["nodeName"] == on_node]
            else:
                items = state.get("persistent_volumes", [])
            self._answer({"metadata": {"resourceVersion": "1"}, "items": items})

        def do_PATCH(self) -> None:
            name = self.path.rpartition("/")[2]
            patch = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            nodes = lab.read()["nodes"]
            labels = {**nodes[name]["labels"], **patch.get("metadata", {}).get("labels", {})}
            nodes[name]["labels"] = {k: v for k, v in labels.items() if v is not None}
            marks = {
                **nodes[name].get("annotations", {}),
                **patch.get("metadata", {}).get("annotations", {}),
            }
            nodes[name]["annotations"] = {k: v for k, v in marks.items() if v is not None}
            nodes[name].update(patch.get("spec", {}))
            lab.write(nodes=nodes)
            self._answer({})

        def do_POST(self) -> None:
            eviction = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            name, state = eviction["metadata"]["name"], lab.read()
            if name in state.get("guarded", []):
                text = f"The disruption budget {name} needs 1 healthy pods and has 1 currently"
                self._answer({"details": {"causes": [{"message": text}]}}, 429)
                return
            pods = [p for p in state["pods"] if p["metadata"]["name"] != name]
            lab.write(pods=pods, evicted=[*state.get("evicted", []), name])
            self._answer({}, 201)

        def do_DELETE(self) -> None:
            nodes = lab.read()["nodes"]
            nodes.pop(self.path.rpartition("/")[2], None)
            lab.write(nodes=nodes)
            self._answer({})

        def _answer(self, body: dict, status: int = 200) -> None:
            data = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *args: object) -> None:
            """Stay silent."""

    return Handler


def _leases(state: dict) -> list[dict]:
    now = datetime.datetime.now(datetime.UTC).isoformat().replace("+00:00", "Z")
    return [{"metadata": {"name": name}, "spec": {"renewTime": now}} for name in state["nodes"]]


def _node(name: str, node: dict, state: dict) -> dict:
    running = state["containers"].get(name, {}).get("status") == "running"
    ready = running and name not in state.get("forgetful", [])
    return {
        "kind": "Node",
        "metadata": {
            "name": name,
            "labels": node["labels"],
            "annotations": node.get("annotations", {}),
        },
        "spec": {"taints": node["taints"], "unschedulable": node.get("unschedulable")},
        "status": {
            "nodeInfo": {"kubeletVersion": node["version"]},
            "conditions": [{"type": "Ready", "status": str(ready)}],
        },
    }
