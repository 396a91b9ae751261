"""A lab without Minikube: stand-ins for minikube and docker, and a real TLS server that speaks the node API."""

from __future__ import annotations

import datetime
import json
import os
import ssl
import subprocess
import sys
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from unittest.mock import patch

from certificate import certificate
from loopback import LoopbackServer
from module_runner import run_module

ROOT = Path(__file__).resolve().parents[2]
FAKES = Path(__file__).parent / "fake_minikube"


class Lab:
    """One lab in a directory: reads and writes ``lab.json``, serves the API, runs the modules."""

    def __init__(self, directory: Path):
        self.directory = directory
        self.home = directory / "home"
        self.kubeconfig = directory / "kubeconfig"
        ca = certificate(directory)
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=str(ca))
        context.load_cert_chain(ca, ca.with_suffix(".key"))
        context.verify_mode = ssl.CERT_REQUIRED
        self.server = LoopbackServer(_handler(self), context)
        self.write(
            containers={}, volumes=[], nodes={}, images=["kicbase:1"], port=self.server.server_port
        )
        self.close = self.server.close
        self._environment = {
            "PATH": f"{FAKES}:{os.environ['PATH']}",
            "FAKE_LAB": str(directory),
        }

    def read(self) -> dict:
        """Return the state of the lab."""
        return json.loads((self.directory / "lab.json").read_text())

    def write(self, **values: object) -> None:
        """Change parts of the state of the lab."""
        path = self.directory / "lab.json"
        state = json.loads(path.read_text()) if path.exists() else {}
        path.write_text(json.dumps({**state, **values}))

    @property
    def config_path(self) -> Path:
        """Return the configuration of the profile minikube."""
        return self.home / ".minikube" / "profiles" / "minikube" / "config.json"

    def calls(self) -> list[str]:
        """Return the changing commands that minikube got, and forget them."""
        log = self.directory / "calls.log"
        lines = log.read_text().splitlines() if log.exists() else []
        log.unlink(missing_ok=True)
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


def _handler(lab: Lab) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        """GET, PATCH and DELETE of nodes."""

        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            state = lab.read()
            if self.path.startswith("/apis/coordination.k8s.io/"):
                self._answer({"metadata": {"resourceVersion": "1"}, "items": _leases(state)})
                return
            items = [_node(name, node, state) for name, node in state["nodes"].items()]
            self._answer({"metadata": {"resourceVersion": "1"}, "items": items})

        def do_PATCH(self) -> None:
            name = self.path.rpartition("/")[2]
            patch = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            nodes = lab.read()["nodes"]
            labels = {**nodes[name]["labels"], **patch.get("metadata", {}).get("labels", {})}
            nodes[name]["labels"] = {k: v for k, v in labels.items() if v is not None}
            nodes[name]["taints"] = patch.get("spec", {}).get("taints", nodes[name]["taints"])
            lab.write(nodes=nodes)
            self._answer({})

        def do_DELETE(self) -> None:
            nodes = lab.read()["nodes"]
            nodes.pop(self.path.rpartition("/")[2], None)
            lab.write(nodes=nodes)
            self._answer({})

        def _answer(self, body: dict) -> None:
            data = json.dumps(body).encode()
            self.send_response(200)
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
    return {
        "kind": "Node",
        "metadata": {"name": name, "labels": node["labels"]},
        "spec": {"taints": node["taints"]},
        "status": {
            "nodeInfo": {"kubeletVersion": node["version"]},
            "conditions": [{"type": "Ready", "status": str(running)}],
        },
    }
