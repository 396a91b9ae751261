import socket
import ssl
import threading
import time
from types import SimpleNamespace

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube import exec as exec_module
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.exec import run_in_pod
from ansible_collections.slipway.lab.plugins.module_utils.kube.transport import Transport
from support.certificate import certificate
from support.command_server import (
    STDERR,
    STDOUT,
    client_of,
    serve_command,
)

# more than the buffers of both ends of a connection hold
MUCH = 16 << 20


@pytest.fixture
def run():
    """Run a command that is a function here, and return the result and the path that was asked for."""
    servers = []

    def start(
        command,
        stdin=None,
        timeout=10,
        subprotocol="v5.channel.k8s.io",
        tls=None,
        pause=0.0,
        **options,
    ):
        server = serve_command(command, subprotocol, tls, pause)
        servers.append(server)
        client = client_of(server, **options)
        argv = ["echo", "hi"]
        return run_in_pod(client, "lab", "web", "app", argv, stdin, timeout), server.asked

    yield start
    for server in servers:
        server.close()


def test_output_and_return_code(run):
    def command(it):
        it.write(STDOUT, b"hi\n")
        it.write(STDERR, b"warn")
        it.end()

    result, path = run(command)
    assert result == {"rc": 0, "stdout": "hi\n", "stderr": "warn", "truncated": False}
    assert path.startswith("/api/v1/namespaces/lab/pods/web/exec?command=echo&command=hi&")
    assert "stdin" not in path


def test_failed_command_has_its_return_code(run):
    causes = [{"reason": "ExitCode", "message": "3"}]
    status = {"status": "Failure", "details": {"causes": causes}}
    assert run(lambda it: it.end(status))[0]["rc"] == 3


def test_standard_input_is_sent_and_closed(run):
    def command(it):
        it.write(STDOUT, it.read_input())
        it.end()

    text = "x" * 200_000 + "ü"
    result, path = run(command, text)
    assert result["stdout"] == text
    assert "stdin=true" in path


@pytest.mark.parametrize("encrypted", [False, True])
def test_a_command_may_write_much_before_it_reads(run, encrypted, tmp_path):
    def command(it):
        for _ in range(MUCH >> 16):
            it.write(STDERR, b"y" * (1 << 16))
        it.write(STDOUT, str(len(it.read_input())).encode())
        it.end()

    options = {}
    if encrypted:
        path = certificate(tmp_path)
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(path, path.with_suffix(".key"))
        options = {"tls": tls, "ca_cert": str(path)}
    result, _ = run(command, "x" * MUCH, timeout=60, **options)
    assert (result["rc"], result["stdout"]) == (0, str(MUCH))


def test_a_command_may_end_before_it_has_read_all(run):
    def command(it):
        next(it.frames())
        it.write(STDOUT, b"first")
        it.end()

    result, _ = run(command, "x" * MUCH)
    assert (result["rc"], result["stdout"]) == (0, "first")


def test_a_command_that_never_reads_fails_at_the_deadline(run):
    over = threading.Event()
    began = time.monotonic()
    with pytest.raises(KubeError, match="pod lab/web: the command did not end within 0.5 s"):
        run(lambda it: over.wait(20), "x" * MUCH, timeout=0.5)
    over.set()
    assert time.monotonic() - began < 5


def test_a_command_that_never_stops_writing_fails_at_the_deadline(run):
    def command(it):
        while True:
            it.write(STDOUT, b"y" * (1 << 16))

    with pytest.raises(KubeError, match="did not end within 0.5 s"):
        run(command, timeout=0.5)


@pytest.fixture
def silent():
    """Return the URL of a server that accepts connections and sends no answer."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


def test_a_server_that_never_answers_fails_at_the_deadline(silent):
    client = SimpleNamespace(transport=Transport({"host": silent}, patience=1))
    began = time.monotonic()
    with pytest.raises(KubeError, match="pod lab/web: .* within 0.5 s; the command may have"):
        run_in_pod(client, "lab", "web", "app", ["echo"], None, 0.5)
    assert time.monotonic() - began < 5


def test_a_connection_that_opens_after_the_deadline_is_closed(run):
    is_closed = threading.Event()

    def command(it):
        for _ in it.frames():
            pass
        is_closed.set()

    with pytest.raises(KubeError, match="the command may have started"):
        run(command, timeout=0.3, pause=1)
    assert is_closed.wait(10)


@pytest.mark.parametrize(
    ("command", "stdin", "subprotocol", "text"),
    [
        (lambda it: None, None, "v5", "the connection broke"),
        (lambda it: it.end({"status": "Failure", "message": "no such"}), None, "v5", "no such"),
        (lambda it: it.end(), "x", "v4", "use Kubernetes 1.30 or newer"),
    ],
)
def test_command_that_could_not_run_is_explained(run, command, stdin, subprotocol, text):
    with pytest.raises(KubeError, match=text):
        run(command, stdin, subprotocol=f"{subprotocol}.channel.k8s.io")


@pytest.mark.parametrize(("length", "truncated"), [(64, False), (65, True)])
def test_output_that_is_too_long_is_marked(run, monkeypatch, length, truncated):
    def command(it):
        for _ in range(length):
            it.write(STDOUT, b"x")
        it.end()

    monkeypatch.setattr(exec_module, "MAX_OUTPUT", 64)
    result, _ = run(command)
    assert (result["stdout"], result["truncated"]) == ("x" * 64, truncated)
