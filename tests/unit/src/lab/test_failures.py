"""Tests of ``slipway.lab.failures``."""

from pathlib import Path

import pytest

from slipway.lab.failures import explain, reason
from slipway.lab.phases import Failure
from slipway.launcher import CommandLine
from slipway.run.playbook_runner import shown

ROOT = Path("/project")
LINES = CommandLine(" --lab x", "./slipway")


def failure(result, **more):
    path = "/project/roles/docker/tasks/main.yml:7"
    return Failure("docker", "lab1", "Start Docker", path, result, role="docker", **more)


def test_names_task_place_reason_and_next_step():
    told = explain(failure({"msg": "write: No space left on device"}), ROOT, LINES)
    assert told.task == "docker : Start Docker"
    assert told.where == "roles/docker/tasks/main.yml:7"
    assert told.reason == "write: No space left on device"
    assert told.next_step == "free disk space, then repeat the command"


def test_the_modules_own_advice_wins():
    told = explain(
        failure({"msg": "no space left on device", "advice": ["use", "disk"]}), ROOT, LINES
    )
    assert told.next_step == "use disk"


def test_a_hidden_result_stays_hidden():
    told = explain(failure({"censored": "the output has been hidden", "msg": "pw"}), ROOT, LINES)
    assert "pw" not in told.reason
    assert "no_log" in told.reason


def test_the_output_of_a_script_is_told_when_ssh_ends_its_terminal():
    stderr, stdout = "Shared connection to 10.0.0.1 closed.\r\n", "cp1: no space\r\n"
    text = reason({"msg": "non-zero return code", "stderr": stderr, "stdout": stdout})
    assert text == "non-zero return code\ncp1: no space"


def test_the_end_of_stderr_is_told_once():
    stderr = "\n".join(f"line {number}" for number in range(30))
    text = reason({"msg": "non-zero return code", "stderr": stderr, "stdout": "noise"})
    assert text.splitlines()[0] == "non-zero return code"
    assert text.splitlines()[-1] == "line 29"
    assert "noise" not in text
    assert len(text.splitlines()) <= 17


def test_a_loop_tells_its_failed_item():
    results = [{"item": "a", "msg": "fine"}, {"item": "b", "failed": True, "msg": "broke"}]
    assert reason({"msg": "One or more items failed", "results": results}) == "item b: broke"


def test_a_result_without_words():
    assert "no reason" in reason({})


@pytest.mark.parametrize(
    ("message", "word"),
    [
        ("Missing sudo password", "become-password-file"),
        ("Host key verification failed.", "./slipway up --lab x"),
        ("Could not resolve host: example.org", "network"),
        ("Cannot connect to the Docker daemon at unix:///x", "Docker"),
        (
            "kubernetes_version: v1.99.0 is unknown to this Minikube; it includes v1.30.0",
            "variable",
        ),
        ("Unknown services: x. Available: logging", "variable"),
        # Messages of apt, systemd and SSH on machines that others have set up.
        ("W: Failed to fetch http://x/y: Temporary failure resolving 'x'", "DNS"),
        ("E: Release file for http://x is not valid yet (invalid for another 2h)", "date --utc"),
        ("E: Release file for http://x is expired (invalid since 2d)", "date --utc"),
        ("SSL: CERTIFICATE_VERIFY_FAILED: certificate is not yet valid", "date --utc"),
        ("No package matching 'docker.io' is available", "apt-cache policy"),
        ("E: Held packages were changed and -y was used without it", "apt-mark showhold"),
        ("E: Unable to correct problems, you have held broken packages.", "apt-mark showhold"),
        ("E: Unmet dependencies. Try 'apt --fix-broken install'", "--fix-broken install"),
        ("E: Sub-process /usr/bin/dpkg returned an error code (1)", "--configure --pending"),
        ("E: The repository 'http://x trixie Release' is not signed.", "sources.list.d"),
        ("EXPKEYSIG 7FCC7D46ACCC4CF8 A Packager", "sources.list.d"),
        ("E: Conflicting values set for option Signed-By regarding source x", "declarations"),
        ("Failed to start docker.service: Unit docker.service is masked.", "systemctl unmask"),
        ("Unable to start service docker: Job for docker.service failed", "journalctl"),
        ('unix_listener: path "/home/x/.ansible/cp/1" too long for Unix domain socket', "short"),
        ("This account is currently not available.", "ansible_user"),
        ("Failed to create temporary directory. In some cases", "ansible_remote_tmp"),
    ],
)
def test_known_causes_have_a_next_step(message, word):
    assert word in explain(failure({"msg": message}), ROOT, LINES).next_step


def test_a_download_that_is_not_answered_names_the_address():
    result = {"msg": "Request failed: <urlopen error [Errno 111] Connection refused>",
              "url": "http://127.0.0.1:5080/kubectl"}  # fmt: skip
    told = explain(failure({"results": [{"item": "x"}, {"failed": True, **result}]}), ROOT, LINES)
    assert "Connection refused> (http://127.0.0.1:5080/kubectl)" in told.reason
    assert "./slipway up --lab x" in told.next_step


def test_an_unreachable_host_has_a_next_step():
    told = explain(failure({"msg": "Connection timed out"}, unreachable=True), ROOT, LINES)
    assert "./slipway up --lab x" in told.next_step


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("db_password=abc x=1", "'db_password=*** x=1'"),
        ('{"api_key": "a b", "x": 1}', '\'{"api_key": ***, "x": 1}\''),
        ("{vault_token: abc}", "'{vault_token: ***}'"),
        ("slipway_lab=demo", "slipway_lab=demo"),
    ],
)
def test_secrets_are_not_shown(word, told):
    assert shown(["-e", word]) == f"-e {told}"


@pytest.mark.parametrize(
    "text", ["No space left on device", "checksum mismatch", "Could not get lock"]
)
def test_advice_that_holds_for_every_command_names_none(text):
    """``down`` and ``lesson`` fail for these reasons too, and ``up`` would not repeat them."""
    assert "repeat the command" in explain(failure({"msg": text}), ROOT, LINES).next_step
