import json
from types import SimpleNamespace

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube import exec as exec_module
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.exec import (
    ERROR,
    STDERR,
    STDIN,
    STDOUT,
    run_in_pod,
)

SUCCESS = {"status": "Success"}


class FakeChannel:
    """A websocket whose command has ended after one update."""

    def __init__(self, output, status, subprotocol="v5.channel.k8s.io", ends=True):
        self.output = {**output, ERROR: b"" if status is None else json.dumps(status).encode()}
        self.subprotocol = subprotocol
        self.ends = ends
        self.open = True
        self.written = b""
        self.closed_channels = []
        self.closed = False

    def is_open(self):
        return self.open

    def update(self, timeout):
        self.open = not self.ends

    def read_channel(self, number):
        return self.output.pop(number, b"")

    def write_channel(self, number, data):
        assert number == STDIN
        self.written += data

    def close_channel(self, number):
        self.closed_channels.append(number)

    def close(self):
        self.closed = True


def run(monkeypatch, channel, stdin=None, timeout=5):
    opened = SimpleNamespace(path="", query=[])

    def open_channel(client, path, query):
        opened.path, opened.query = path, query
        return channel

    monkeypatch.setattr(exec_module, "_open_channel", open_channel)
    result = run_in_pod(None, "lab", "web", "app", ["echo", "hi"], stdin, timeout)
    return result, opened


def test_output_and_return_code(monkeypatch):
    channel = FakeChannel({STDOUT: b"hi\n", STDERR: b"warn"}, SUCCESS)
    result, opened = run(monkeypatch, channel)
    assert result == {"rc": 0, "stdout": "hi\n", "stderr": "warn", "truncated": False}
    assert opened.path == "/api/v1/namespaces/lab/pods/web/exec"
    assert opened.query[:2] == [("command", "echo"), ("command", "hi")]
    assert ("stdin", "true") not in opened.query
    assert channel.closed


def test_failed_command_has_its_return_code(monkeypatch):
    causes = [{"reason": "ExitCode", "message": "3"}]
    channel = FakeChannel({}, {"status": "Failure", "details": {"causes": causes}})
    assert run(monkeypatch, channel)[0]["rc"] == 3


def test_standard_input_is_sent_in_chunks_and_closed(monkeypatch):
    channel = FakeChannel({}, SUCCESS)
    text = "x" * (exec_module.CHUNK_SIZE + 10)
    _, opened = run(monkeypatch, channel, stdin=text)
    assert channel.written.decode() == text
    assert channel.closed_channels == [STDIN]
    assert ("stdin", "true") in opened.query


@pytest.mark.parametrize(
    ("channel", "stdin", "text"),
    [
        (FakeChannel({}, None), None, "the connection broke"),
        (FakeChannel({}, {"status": "Failure", "message": "no such container"}), None, "no such"),
        (FakeChannel({}, SUCCESS, "v4.channel.k8s.io"), "x", "use Kubernetes 1.30 or newer"),
    ],
)
def test_command_that_could_not_run_is_explained(monkeypatch, channel, stdin, text):
    with pytest.raises(KubeError) as caught:
        run(monkeypatch, channel, stdin)
    assert text in str(caught.value)
    assert channel.closed


def test_command_that_does_not_end_fails(monkeypatch):
    channel = FakeChannel({}, None, ends=False)
    with pytest.raises(KubeError, match="did not end within 0.05 s"):
        run(monkeypatch, channel, timeout=0.05)
    assert channel.closed


@pytest.mark.parametrize(("length", "truncated"), [(4, False), (5, True)])
def test_output_that_is_too_long_is_marked(monkeypatch, length, truncated):
    monkeypatch.setattr(exec_module, "MAX_OUTPUT", 4)
    result, _ = run(monkeypatch, FakeChannel({STDOUT: b"x" * length}, SUCCESS))
    assert (result["stdout"], result["truncated"]) == ("xxxx", truncated)
