"""Tests of ``slipway.cli``."""

import click

from slipway.cli import SECTIONS, main


def test_every_command_can_be_loaded():
    context = click.Context(main)
    names = main.list_commands(context)
    assert names == [name for commands in SECTIONS.values() for name in commands]
    for name in names:
        assert main.get_command(context, name).name == name
    assert main.get_command(context, "none") is None
