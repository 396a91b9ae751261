"""The SSH connection to the container hosts."""

import shlex
from pathlib import Path

import yaml

FILE = Path(__file__).parents[3] / "inventories/lab/group_vars/lab_hosts/connection.yml"


def test_the_users_configuration_of_ssh_does_not_count():
    words = shlex.split(yaml.safe_load(FILE.read_text())["ansible_ssh_common_args"])
    # A jump host, a port or a remote command under "Host *" is meant for other machines.
    assert words[words.index("-F") + 1] == "/dev/null"
