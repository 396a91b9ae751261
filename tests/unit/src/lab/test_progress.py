"""Tests of ``slipway.lab.progress``."""

import json
import time

from slipway.lab.progress import ProgressFile, RemoteProgress, parse, tail_command


def line(message, **more):
    return json.dumps({"time": 1.0, "task": "minikube", "message": message} | more) + "\n"


def test_reads_only_what_is_new(tmp_path):
    path = tmp_path / "progress"
    follow = ProgressFile(path)
    assert list(follow.new_steps()) == []
    path.write_text(line("one", step=1, total=9) + line("two")[:10])
    assert [step.text for step in follow.new_steps()] == ["step 1/9 one"]
    with path.open("a") as stream:
        stream.write(line("two")[10:])
    assert [step.text for step in follow.new_steps()] == ["two"]
    assert list(follow.new_steps()) == []


def test_begins_again_when_the_file_became_shorter(tmp_path):
    path = tmp_path / "progress"
    path.write_text(line("a long first line") * 3)
    follow = ProgressFile(path)
    assert len(list(follow.new_steps())) == 3
    path.write_text(line("new"))
    assert [step.text for step in follow.new_steps()] == ["new"]


def test_lines_that_are_not_progress_are_left_out():
    for text in ("", "{", "[]", "3", '{"time": "x"}', '{"time": 1, "task": "t"}'):
        assert parse(text) is None


def test_a_message_stays_on_one_line():
    assert parse(line("a\n  b")).text == "a b"


def test_a_host_is_followed_over_its_own_connection():
    command = tail_command(
        {
            "ansible_host": "10.0.0.9",
            "ansible_port": 2222,
            "ansible_user": "slipway",
            "ansible_ssh_private_key_file": "/state/key",
            "ansible_ssh_common_args": "-o 'UserKnownHostsFile=/a b'",
            "minikube_user": "minikube",
        }
    )
    assert command[0] == "ssh"
    assert "UserKnownHostsFile=/a b" in command
    assert command[command.index("-i") + 1] == "/state/key"
    assert command[command.index("-p") + 1] == "2222"
    assert command[command.index("-l") + 1] == "slipway"
    assert command[-2] == "10.0.0.9"
    assert "~minikube/.minikube-progress.jsonl" in command[-1]


def test_the_file_that_the_inventory_names_is_quoted():
    command = tail_command({"ansible_host": "h", "minikube_progress_file": "/tmp/a b"})
    assert "/tmp/a b" in command[-1]


def test_a_home_in_the_path_is_left_to_the_shell():
    host = {"ansible_host": "h", "minikube_progress_file": "~me/a b"}
    assert "~me/'\"'\"'a b" in tail_command(host)[-1]
    host = {"ansible_host": "h", "minikube_progress_file": "~$(x)/a"}
    assert "~$(x)/a'" in tail_command(host)[-1]


def test_a_local_host_is_followed_without_ssh():
    command = tail_command({"ansible_connection": "local", "minikube_progress_file": "/p"})
    assert command == ["sh", "-c", "exec tail -n 5 -F /p 2>/dev/null"]


def test_a_host_without_address_is_not_followed():
    assert tail_command({}) == []


def test_steps_of_an_earlier_run_are_left_out(tmp_path):
    path = tmp_path / "progress"
    now = time.time()
    path.write_text(line("old", time=now - 600) + line("new", time=now))
    seen = []
    follow = RemoteProgress(lambda host, step: seen.append((host, step.message)))
    follow.follow("me", {"ansible_connection": "local", "minikube_progress_file": str(path)})
    limit = time.monotonic() + 10
    while not seen and time.monotonic() < limit:
        time.sleep(0.05)
    follow.close()
    assert seen == [("me", "new")]
