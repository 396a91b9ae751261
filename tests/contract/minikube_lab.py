"""A lab without Minikube: stand-ins for minikube and docker, and a real TLS server that speaks the node API."""

from __future__ import annotations

import datetime
import ipaddress
import json
import os
import ssl
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

ROOT = Path(__file__).resolve().parents[2]
FAKES = Path(__file__).parent / "fake_minikube"
RUNNER = Path(__file__).parent / "run_module.py"


def make_certificates(directory: Path) -> None:
    """Write a CA and one certificate for server and client, valid for 127.0.0.1."""
    names = {
        n: x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, n)]) for n in ("minikubeCA", "node")
    }
    keys = {n: ec.generate_private_key(ec.SECP256R1()) for n in names}
    now = datetime.datetime.now(datetime.UTC)
    for name, file in (("minikubeCA", "ca.crt"), ("node", "client.crt")):
        builder = (
            x509.CertificateBuilder()
            .subject_name(names[name])
            .issuer_name(names["minikubeCA"])
            .public_key(keys[name].public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(hours=1))
            .not_valid_after(now + datetime.timedelta(hours=1))
            .add_extension(
                x509.BasicConstraints(ca=name == "minikubeCA", path_length=None), critical=True
            )
        )
        if name == "node":
            address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
            builder = builder.add_extension(x509.SubjectAlternativeName([address]), critical=False)
        certificate = builder.sign(keys["minikubeCA"], hashes.SHA256())
        (directory / file).write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (directory / "client.key").write_bytes(
        keys["node"].private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


class Lab:
    """One lab in a directory: reads and writes ``lab.json``, serves the API, runs the modules through Ansible."""

    def __init__(self, directory: Path):
        self.directory = directory
        self.home = directory / "home"
        self.kubeconfig = directory / "kubeconfig"
        make_certificates(directory)
        context = ssl.create_default_context(
            ssl.Purpose.CLIENT_AUTH, cafile=str(directory / "ca.crt")
        )
        context.load_cert_chain(directory / "client.crt", directory / "client.key")
        context.verify_mode = ssl.CERT_REQUIRED
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.write(
            containers={}, volumes=[], nodes={}, images=["kicbase:1"], port=self.server.server_port
        )

    def close(self) -> None:
        """Stop the API."""
        self.server.shutdown()
        self.server.server_close()

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
        """Run the module file as Ansible runs it on a host, in a process of its own; return its result."""
        arguments = {
            **self._arguments(module, options),
            "_ansible_check_mode": "--check" in flags,
            "_ansible_diff": "--diff" in flags,
        }
        done = self._execute(
            [sys.executable, str(RUNNER), str(ROOT / "library" / f"{module}.py")],
            input=json.dumps(arguments),
        )
        assert done.stdout, done.stderr
        return {"failed": False, **json.loads(done.stdout)}

    def run_through_ansible(self, *flags: str, **options: object) -> dict:
        """Run the module minikube with the program ansible; return its result."""
        arguments = json.dumps(self._arguments("minikube", options))
        interpreter = f"ansible_python_interpreter={sys.executable}"
        done = self._execute(
            [str(Path(sys.executable).parent / "ansible"), "localhost", "-i", "localhost,"]
            + ["-c", "local", "-e", interpreter, "-m", "minikube", "-a", arguments, *flags],
            ANSIBLE_CONFIG=str(ROOT / "ansible.cfg"),
            ANSIBLE_STDOUT_CALLBACK="ansible.posix.json",
            ANSIBLE_LOAD_CALLBACK_PLUGINS="1",
        )
        start = done.stdout.find("{")
        assert start >= 0, done.stdout + done.stderr
        play = json.loads(done.stdout[start:])["plays"][0]
        return play["tasks"][0]["hosts"]["localhost"]

    def _arguments(self, module: str, options: dict) -> dict:
        own = {"home": str(self.home), "kubeconfig": str(self.kubeconfig)}
        if module == "minikube":
            # Contract tests may run as root, for whom the docker driver wants force.
            own["force"] = os.geteuid() == 0
        return {**own, **options}

    def _execute(
        self, command: list[str], input: str = "", **environment: str
    ) -> subprocess.CompletedProcess:
        return subprocess.run(
            command,
            cwd=ROOT,
            env={
                **os.environ,
                "PATH": f"{FAKES}:{os.environ['PATH']}",
                "FAKE_LAB": str(self.directory),
                **environment,
            },
            input=input,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )


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
    ready = running and name not in state.get("forgetful", [])
    return {
        "kind": "Node",
        "metadata": {"name": name, "labels": node["labels"]},
        "spec": {"taints": node["taints"]},
        "status": {
            "nodeInfo": {"kubeletVersion": node["version"]},
            "conditions": [{"type": "Ready", "status": str(ready)}],
        },
    }
