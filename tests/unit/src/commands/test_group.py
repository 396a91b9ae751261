"""Tests of ``slipway.commands.group``: sections, errors as messages and as JSON, the configuration file."""

import click
import pytest

from slipway.cli import SECTIONS, main
from slipway.commands.group import wants_json
from support.json_document import read_document


def test_every_command_is_in_the_help_and_has_examples(command):
    text = command("--help").output
    for commands in SECTIONS.values():
        for name in commands:
            assert f"\n  {name} " in text
            shown = command(name, "--help")
            assert shown.exit_code == 0, shown.output
            inner = main.get_command(click.Context(main), name)
            assert "Examples:" in shown.output or isinstance(inner, click.Group)


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (["up", "--json"], True),
        (["up", "--", "--json"], False),
        (["kubectl", "get", "--json"], False),
        (["bench", "lab", "--json"], False),
        (["bench", "workloads", "--json"], True),
        ([], False),
    ],
)
def test_json_is_wanted_by_a_flag_of_the_command_itself(words, answer):
    assert wants_json(words) is answer


@pytest.mark.parametrize(
    ("words", "kind", "code", "text"),
    [
        (["up", "--json", "--nonsense"], "usage", 2, "go after --"),
        (["upp", "--json"], "usage", 2, "No such command 'upp'. Did you mean 'up'?"),
        (["frobnicate", "--json"], "usage", 2, "No such command 'frobnicate'."),
        (["open", "--json"], "no-lab", 4, "no lab is up"),
        (["lesson", "demo", "--json"], "no-lab", 4, "no lab is up"),
        (["lesson", "nothing", "--json"], "usage", 2, "Run `./slipway lesson list`"),
        (["report", "--json"], "no-lab", 4, "no lab is up"),
        (["status", "--lab", "../x", "--json"], "usage", 2, "not a valid lab name"),
    ],
)
def test_an_error_is_json_on_standard_output(command, words, kind, code, text):
    done = command(*words)
    told = read_document("error", done.stdout)
    assert (told["ok"], told["kind"], done.exit_code) == (False, kind, code)
    assert text in told["error"] and text in done.stderr


def test_a_crash_is_json_too(command, monkeypatch):
    def broken(*_):
        raise RuntimeError("boom")

    monkeypatch.setattr("slipway.run.lab_status.read_report", broken)
    command.make(pages=[])
    done = command("open", "--json")
    told = read_document("error", done.stdout)
    assert (told["kind"], told["error"], done.exit_code) == ("crash", "RuntimeError: boom", 1)
    assert "Traceback" in done.stderr


def test_an_interruption_has_its_code(command, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("slipway.run.lab_status.read_report", interrupted)
    command.make(pages=[])
    assert command("open").exit_code == 130


def test_the_configuration_file_gives_defaults_that_flags_override(command):
    command.make("two", pages=[{"name": "Two", "url": "http://two/"}])
    command.make("one", pages=[{"name": "One", "url": "http://one/"}])
    command.config.write_text('lab = "two"\n')
    assert "http://two/" in command("open").stdout
    assert "http://one/" in command("open", "--lab", "one").stdout


def test_a_mistake_in_the_configuration_file_is_named(command):
    command.config.write_text("labb = 1\n")
    done = command("open", "--json")
    assert (
        done.exit_code == 2 and "unknown key 'labb'" in read_document("error", done.stdout)["error"]
    )
