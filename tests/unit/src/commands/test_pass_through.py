"""Tests of ``slipway.commands.pass_through``."""

import click
import pytest
from click.testing import CliRunner

from slipway.commands.pass_through import PassThroughCommand


@click.command(cls=PassThroughCommand)
@click.option("-o", "--own")
@click.option("-f", "--flag", is_flag=True)
@click.argument("rest", nargs=-1, type=click.UNPROCESSED)
def echo(own, flag, rest):
    print(own, flag, *rest)


@pytest.mark.parametrize(
    ("words", "printed"),
    [
        (["-o", "1", "-f", "verb", "-f", "-o", "2"], "1 True verb -f -o 2"),
        (["--own=1", "--other", "-f"], "1 False --other -f"),
        (["--", "-f"], "None False -- -f"),
        (["-ox"], "None False -ox"),
    ],
)
def test_own_options_end_at_the_first_foreign_argument(words, printed):
    assert CliRunner().invoke(echo, words).output.strip() == printed
