"""Tests of ``slipway.cli``."""

import click
import pytest

from slipway.cli import SECTIONS, main


def test_every_command_can_be_loaded():
    context = click.Context(main)
    names = main.list_commands(context)
    assert names == [name for commands in SECTIONS.values() for name in commands]
    for name in names:
        assert main.get_command(context, name).name == name
    assert main.get_command(context, "none") is None


def leaves():
    """Yield the path and the click command of every command that is not a group."""
    root = click.Context(main)
    for name in main.list_commands(root):
        command = main.get_command(root, name)
        inner = command.commands if isinstance(command, click.Group) else {}
        yield from (((name, key), one) for key, one in inner.items())
        if not inner:
            yield (name,), command


@pytest.mark.parametrize(
    ("path", "command"), [pytest.param(*one, id="-".join(one[0])) for one in leaves()]
)
def test_every_command_has_examples_and_chooses_a_lab(path, command):
    assert f"slipway {' '.join(path)}" in command.epilog
    flags = {flag for option in command.params for flag in option.opts}
    snapshots = {("snapshot", word) for word in ("list", "show", "delete", "export", "import")}
    if path not in {
        ("test",),
        ("completion",),
        ("list",),
        ("bundle", "load"),
        ("class", "verify"),
        *snapshots,
    }:  # these use no lab
        assert {"--lab", "-i", "-e"} <= flags
