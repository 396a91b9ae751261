"""Tests of ``slipway.classroom.place``."""

import json
import socket

import pytest

from slipway.classroom import place
from slipway.classroom.place import forward_line, lab_name, read_place, unreached
from slipway.errors import UsageError


def place_of(server="https://10.0.0.11:8443"):
    return {
        "format": "slipway-class 1", "class": "math", "student": "student-03", "node_port": 30002,
        "values": {"address": "10.0.0.11"},
        "kubeconfig": {"clusters": [{"name": "c", "cluster": {"server": server}}]},
    }  # fmt: skip


def test_a_file_is_read(tmp_path):
    (tmp_path / "f").write_text(json.dumps(place_of()))
    assert lab_name(read_place(tmp_path / "f")) == "math-student-03"


@pytest.mark.parametrize("text", ["", "[]", '{"format": "other"}'])
def test_something_else_is_refused(tmp_path, text):
    (tmp_path / "f").write_text(text)
    with pytest.raises(UsageError):
        read_place(tmp_path / "f")


def test_a_server_that_listens_is_reached(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert unreached(place_of(f"https://127.0.0.1:{port}"), forwarded=False) == ""
        assert unreached(place_of(f"https://192.0.2.1:{port}"), forwarded=True) == ""
    monkeypatch.setattr(place, "SECONDS", 0.1)
    assert unreached(place_of("https://127.0.0.1:1"), forwarded=False) == "127.0.0.1:1"


def test_the_ports_are_forwarded_by_ssh():
    line = "ssh -N -L 8443:10.0.0.11:8443 -L 30002:10.0.0.11:30002 USER@MACHINE-OF-THE-TEACHER"
    assert forward_line(place_of()) == line
