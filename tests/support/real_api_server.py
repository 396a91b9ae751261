"""A real API server for tests: etcd, kube-apiserver and kube-controller-manager as plain processes on loopback.

Certificates, data and logs are in a directory of the test. The kernel ends the processes when the tests end, however
they end. There is no node: ``support.real_pods`` makes pods run.
"""

from __future__ import annotations

import contextlib
import json
import socket
import ssl
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from support.certificate_authority import Authority
from support.oidc_issuer import CLIENT, OidcIssuer
from support.real_programs import Programs

START_SECONDS = 300
ISSUER = "https://kubernetes.test"
SERVER_NAMES = ("127.0.0.1", "::1", "localhost", "kubernetes.test")
# Without nodes, and with the tests' own pods: no controller may judge a node by its missing kubelet.
CONTROLLERS = "*,-node-lifecycle-controller,-node-ipam-controller,-bootstrap-signer-controller"
AUDIT_POLICY = {
    "apiVersion": "audit.k8s.io/v1",
    "kind": "Policy",
    "omitStages": ["RequestReceived", "ResponseStarted"],
    "rules": [{"level": "None", "userGroups": ["system:masters"]}, {"level": "Metadata"}],
}


class RealApiServer:
    """A control plane. Use as a context manager; ``url`` is where its API server listens."""

    def __init__(self, programs: Programs, folder: Path):
        self.programs = programs
        self.folder = folder
        self.authority = Authority(folder)
        self.ca = self.authority.path
        self.admin = self.authority.issue("admin", ("system:masters",))
        self.audit_log = folder / "audit.log"
        self._processes = contextlib.ExitStack()

    def __enter__(self) -> RealApiServer:
        try:
            self.etcd = self._start_etcd()
            self.oidc = self._processes.enter_context(OidcIssuer(self.authority))
            self._port = free_port()
            self.url = f"https://127.0.0.1:{self._port}"
            self.tls = ssl.create_default_context(cafile=str(self.ca))
            self.tls.load_cert_chain(self.admin, self.admin.with_suffix(".key"))
            # Without proxies: the thread of the pods must not read variables that pytest changes.
            without, https = (
                urllib.request.ProxyHandler({}),
                urllib.request.HTTPSHandler(context=self.tls),
            )
            self._open = urllib.request.build_opener(without, https).open
            self._server = self._start_api_server()
            self._wait_until_ready(self._server)
            self._start_controllers()
        except BaseException:
            self._processes.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._processes.close()

    def restart(self, *options: str) -> None:
        """Start the API server again with additional options, and wait until it is ready."""
        _end(self._server)
        self._server = self._start_api_server(*options)
        self._wait_until_ready(self._server)

    # -- requests of the administrator ----------------------------------------------------------------

    def request(
        self, method: str, path: str, body: object = None, kind: str = "application/json", **headers
    ) -> tuple[int, dict]:
        """Send a request as administrator; return the status and the body."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, method=method)
        request.add_header("Content-Type", kind)
        for name, value in headers.items():
            request.add_header(name.replace("_", "-"), value)
        try:
            with self._open(request, timeout=30) as answer:
                return answer.status, _decoded(answer.read())
        except urllib.error.HTTPError as error:
            return error.code, _decoded(error.read())

    def must(
        self, method: str, path: str, body: object = None, kind: str = "application/json"
    ) -> dict:
        """Send a request as administrator that has to succeed; return the body."""
        status, answer = self.request(method, path, body, kind)
        assert status < 300, f"{method} {path}: {status} {answer}"
        return answer

    def account(self, namespace: str, name: str) -> str:
        """Make a service account without rights; return a token of it."""
        path = f"/api/v1/namespaces/{namespace}/serviceaccounts"
        status, answer = self.request("POST", path, {"metadata": {"name": name}})
        assert status in (201, 409), answer
        asked = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {}}
        return self.must("POST", f"{path}/{name}/token", asked)["status"]["token"]

    def kubeconfig(self, user: dict, **cluster: object) -> dict:
        """Return a kubeconfig for this server."""
        return {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [
                {
                    "name": "test",
                    "cluster": {
                        "server": self.url,
                        "certificate-authority": str(self.ca),
                        **cluster,
                    },
                }
            ],
            "users": [{"name": "test", "user": user}],
            "contexts": [{"name": "test", "context": {"cluster": "test", "user": "test"}}],
            "current-context": "test",
        }

    def admin_user(self) -> dict:
        """Return the user of a kubeconfig who may do everything."""
        key = str(self.admin.with_suffix(".key"))
        return {"client-certificate": str(self.admin), "client-key": key}

    # -- processes ------------------------------------------------------------------------------------

    def _start(self, name: str, program: Path, *flags: str) -> subprocess.Popen:
        log = self._processes.enter_context((self.folder / f"{name}.log").open("wb"))
        # the kernel ends it even when the tests are killed
        command = ["setpriv", "--pdeathsig", "KILL", str(program), *flags]
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.folder
        )
        self._processes.callback(_end, process)
        return process

    def _start_etcd(self) -> str:
        client, peer = (f"http://127.0.0.1:{free_port()}" for _ in range(2))
        self._start(
            "etcd", self.programs.etcd,
            f"--data-dir={self.folder / 'etcd'}", "--name=test", "--unsafe-no-fsync",
            f"--listen-client-urls={client}", f"--advertise-client-urls={client}",
            f"--listen-peer-urls={peer}", f"--initial-advertise-peer-urls={peer}",
            f"--initial-cluster=test={peer}", "--log-level=warn",
        )  # fmt: skip
        return client

    def _start_api_server(self, *options: str) -> subprocess.Popen:
        serving = self.authority.issue("kube-apiserver", names=SERVER_NAMES)
        policy = self.folder / "audit-policy.json"
        policy.write_text(json.dumps(AUDIT_POLICY))
        accounts = self._service_account_key()
        return self._start(
            "kube-apiserver", self.programs.kubernetes / "kube-apiserver",
            f"--etcd-servers={self.etcd}", "--bind-address=127.0.0.1", f"--secure-port={self._port}",
            "--endpoint-reconciler-type=none", "--service-cluster-ip-range=10.96.0.0/16",
            f"--tls-cert-file={serving}", f"--tls-private-key-file={serving.with_suffix('.key')}",
            f"--client-ca-file={self.ca}", "--authorization-mode=RBAC", "--allow-privileged",
            f"--service-account-issuer={ISSUER}", f"--service-account-key-file={accounts}",
            f"--service-account-signing-key-file={accounts}",
            f"--audit-policy-file={policy}", f"--audit-log-path={self.audit_log}",
            f"--oidc-issuer-url={self.oidc.url}", f"--oidc-ca-file={self.ca}",
            f"--oidc-client-id={CLIENT}", "--oidc-username-prefix=oidc:",
            "--kubelet-preferred-address-types=InternalIP",
            f"--kubelet-client-certificate={self.admin}",
            f"--kubelet-client-key={self.admin.with_suffix('.key')}", "--profiling=false", *options,
        )  # fmt: skip

    def _start_controllers(self) -> None:
        path = self.folder / "controllers.json"
        path.write_text(json.dumps(self.kubeconfig(self.admin_user())))
        self._start(
            "kube-controller-manager", self.programs.kubernetes / "kube-controller-manager",
            f"--kubeconfig={path}", "--leader-elect=false", "--bind-address=127.0.0.1",
            f"--secure-port={free_port()}", f"--controllers={CONTROLLERS}", "--profiling=false",
            f"--service-account-private-key-file={self.folder / 'accounts.key'}",
            f"--root-ca-file={self.ca}", "--kube-api-qps=300", "--kube-api-burst=600",
        )  # fmt: skip

    def _service_account_key(self) -> Path:
        path = self.folder / "accounts.key"
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        path.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.TraditionalOpenSSL,
                serialization.NoEncryption(),
            )
        )
        return path

    def _wait_until_ready(self, server: subprocess.Popen) -> None:
        end = time.monotonic() + START_SECONDS
        seen: object = "nothing"
        while time.monotonic() < end and server.poll() is None:
            # a machine may be too busy for the first answers
            with contextlib.suppress(OSError):
                status, seen = self.request("GET", "/readyz?verbose")
                if status == 200:
                    return
            time.sleep(0.1)
        log = (self.folder / "kube-apiserver.log").read_text(errors="replace")
        raise AssertionError(f"kube-apiserver is not ready: {seen}\n{log[-3000:]}")


def free_port() -> int:
    """Return a port on loopback that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _decoded(data: bytes) -> dict:
    try:
        return json.loads(data or b"{}")
    except ValueError:
        return {"text": data.decode("utf-8", "replace")}


def _end(process: subprocess.Popen) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
