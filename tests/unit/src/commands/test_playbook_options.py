"""Tests of ``slipway.commands.playbook_options``."""

from slipway.commands.playbook_options import ansible_arguments

GIVEN = {
    "extra_vars": (),
    "limit": None,
    "start_at_task": None,
    "tags": (),
    "skip_tags": (),
    "check": False,
    "diff": False,
    "verbose": 0,
    "ansible_args": (),
}


def test_arguments_keep_ansibles_names(tmp_path):
    (tmp_path / "vars.yml").touch()
    given = {
        **GIVEN,
        "extra_vars": ("a=b c=d", f"@{tmp_path}/vars.yml"),
        "limit": "lab1",
        "tags": ("a", "b,c"),
        "check": True,
        "diff": True,
        "verbose": 2,
        "ansible_args": ("--forks", "3"),
    }
    assert ansible_arguments(given["extra_vars"], given) == [
        "-e", "a=b c=d", "-e", f"@{tmp_path}/vars.yml", "--limit", "lab1",
        "--tags", "a,b,c", "--check", "--diff", "-vv", "--forks", "3",
    ]  # fmt: skip
