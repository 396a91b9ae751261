"""Tests of ``slipway.commands.env``."""

import subprocess

from support.json_document import read_document


def test_the_lines_can_be_evaluated(command, tmp_path):
    done = command("env", "--lab", "two")
    script = f'{done.stdout}\nprintf "%s\\n" "$KUBECONFIG" "${{PATH%%:*}}" "$ANSIBLE_CONFIG"'
    shell = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True)
    kubeconfig, first, config = shell.stdout.splitlines()
    assert kubeconfig == f"{tmp_path}/state/slipway/two/kubeconfig"
    assert first.endswith("/bin") and config.endswith("/ansible.cfg")


def test_the_lab_that_is_up_is_meant(command):
    command.make("two")
    assert read_document("env", command("env", "--json").stdout)["lab"] == "two"
