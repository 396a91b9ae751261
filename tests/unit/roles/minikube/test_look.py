"""roles/minikube/files/look: what is as declared on a host."""

from __future__ import annotations

import hashlib
import os
import pwd
import socket
import subprocess
from pathlib import Path

import pytest

LOOK = Path(__file__).parents[4] / "roles/minikube/files/look"


def look(*facts: str) -> list[str]:
    done = subprocess.run(["sh", str(LOOK), *facts], capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "a file"
    path.write_text("content")
    path.chmod(0o644)
    return path


def test_a_file_with_its_mode_owner_and_content(file):
    digest = hashlib.sha256(b"content").hexdigest()
    owner = pwd.getpwuid(os.getuid()).pw_name
    fact = f"file={file},644,{owner},{digest}"
    assert look(fact) == [fact]
    file.chmod(0o666)
    assert look(fact) == []
    file.chmod(0o644)
    assert look(fact.replace(digest, "0" * 64), f"file={file}x,644,{owner},{digest}") == []


def test_a_directory(tmp_path):
    owner = pwd.getpwuid(os.getuid()).pw_name
    tmp_path.chmod(0o755)
    fact = f"directory={tmp_path},755,{owner}"
    assert look(fact) == [fact]
    tmp_path.chmod(0o700)
    assert look(fact) == []


def test_an_account_with_its_shell_and_groups():
    account = pwd.getpwuid(os.getuid())
    fact = f"user={account.pw_name},{account.pw_shell}"
    found = look(fact, f"{fact},no-such-group", "user=no-such-user,/bin/sh")
    assert found[0] == f"home {account.pw_dir}"
    assert [line for line in found if line.startswith("user=")] == [fact]


def test_a_file_in_the_home_of_the_account(file, monkeypatch):
    owner = pwd.getpwuid(os.getuid()).pw_name
    getent = file.parent / "bin/getent"
    getent.parent.mkdir()
    getent.write_text(f"#!/bin/sh\necho '{owner}:x:0:0::{file.parent}:/bin/bash'\n")
    getent.chmod(0o755)
    monkeypatch.setenv("PATH", f"{getent.parent}:{os.environ['PATH']}")
    digest = hashlib.sha256(b"content").hexdigest()
    user, fact = f"user={owner},/bin/bash", f"home_file={file.name},644,{owner},{digest}"
    assert fact in look(user, fact)
    assert fact not in look(fact)
    assert look(user, fact.replace(digest, "0" * 64))[-1] == user


def test_network_policies_are_enforced_when_their_script_has_nothing_to_do(tmp_path):
    script = tmp_path / "network-policies"
    fact = f"enforced=ada,minikube,{tmp_path}/policies.yml"
    assert look(fact) == []
    script.write_text('#!/bin/sh\necho "$*" >"$0.calls"\n')
    script.chmod(0o755)
    assert look(fact) == [fact]
    calls = (tmp_path / "network-policies.calls").read_text()
    assert calls == f"--check apply ada minikube {tmp_path}/policies.yml\n"
    for rest in ("echo difference", "echo refused >&2; exit 1", "exit 2"):
        script.write_text(f"#!/bin/sh\n{rest}\n")
        assert look(fact) == []


def test_a_path_without_a_file(file):
    assert look(f"no_file={file}", f"no_file={file}x") == [f"no_file={file}x"]


def test_limits_and_units(file):
    file.write_text("128\n")
    found = look(
        f"at_least={file},128", f"at_least={file},129", "unit=no-such-unit.service,enabled,active"
    )
    assert found == [f"at_least={file},128"]


def test_a_server_that_listens_is_reached():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert look(f"reaches=127.0.0.1,{port}") == [f"reaches=127.0.0.1,{port}"]
    assert look(f"reaches=127.0.0.1,{port}") == []
