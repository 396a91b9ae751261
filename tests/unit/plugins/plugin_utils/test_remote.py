"""Tests of ``plugin_utils.remote``."""

import os
import pwd
import subprocess

from ansible_collections.slipway.lab.plugins.plugin_utils.remote import as_user, on_host

ME = pwd.getpwuid(os.geteuid()).pw_name
HOST = {
    "ansible_host": "10.0.0.9",
    "ansible_port": 2222,
    "ansible_user": "slipway",
    "ansible_ssh_private_key_file": "/state/key",
    "ansible_ssh_common_args": "-o 'UserKnownHostsFile=/a b'",
}


def test_a_script_gets_the_connection_of_ansible():
    command = on_host(HOST, "uptime")
    assert command[0] == "ssh" and command[-2:] == ["10.0.0.9", "uptime"]
    for words in (["-i", "/state/key"], ["-p", "2222"], ["-l", "slipway"], ["-T"],
                  ["-o", "UserKnownHostsFile=/a b"], ["-o", "BatchMode=yes"]):  # fmt: skip
        at = command.index(words[-1])
        assert command[at + 1 - len(words) : at + 1] == words


def test_a_terminal_may_be_asked_for_passwords():
    command = on_host(HOST, "uptime", terminal=True)
    assert "-t" in command and "BatchMode=yes" not in command


def test_without_a_script_the_login_shell_of_the_host_starts():
    assert on_host(HOST, "", terminal=True)[-1] == "10.0.0.9"


def test_a_local_host_needs_no_ssh():
    assert on_host({"ansible_connection": "local"}, "echo a") == ["sh", "-c", "echo a"]


def test_a_host_without_address_has_no_command():
    assert on_host({}, "uptime") == []


def test_words_reach_a_program_of_the_same_user_unchanged(tmp_path):
    words = ["printf", "%s|", "a b", "$HOME", "it's", "*", "new\nline"]
    done = subprocess.run(["sh", "-c", as_user(ME, words)], capture_output=True, text=True)
    assert done.stdout == "a b|$HOME|it's|*|new\nline|"


def test_another_user_is_reached_by_root_and_by_sudo(tmp_path):
    """Stand-ins for ``id``, ``runuser`` and ``sudo`` show which one is called, and how."""
    for name, script in (
        ("id", 'case "$1" in -un) echo me;; *) echo "$UID_OF_ME";; esac'),
        ("runuser", 'echo "runuser $1 $2 $3 $4"; exec sh "$5" "$6"'),
        ("sudo", 'echo "sudo $1 $2 $3 $4 $5"; shift 5; exec "$@"'),
    ):
        (tmp_path / name).write_text(f"#!/bin/sh\n{script}\n")
        (tmp_path / name).chmod(0o755)
    said = {}
    for uid in ("0", "1000"):
        done = subprocess.run(
            ["sh", "-c", as_user("other", ["echo", "a  b"])],
            env={"PATH": f"{tmp_path}:{os.environ['PATH']}", "UID_OF_ME": uid, "HOME": "/"},
            capture_output=True,
            text=True,
        )
        said[uid] = done.stdout.splitlines()
    assert said["0"] == ["runuser -l other -s /bin/sh", "a  b"]
    assert said["1000"] == ["sudo -n -H -u other --", "a  b"]
    assert "sudo -H" in as_user("other", ["true"], terminal=True)
