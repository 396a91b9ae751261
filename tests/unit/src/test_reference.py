"""Tests of ``slipway.reference``."""

from slipway.reference import PAGE, reference


def test_the_page_is_up_to_date():
    assert PAGE.read_text() == reference(), (
        "run: PYTHONPATH=src:collections python -m slipway.reference"
    )


def test_commands_keys_and_layers_are_listed():
    text = reference()
    assert "### slipway bench workloads" in text and "{{" not in text
    assert "| `nodes[].ready` | boolean | Whether the node is ready |" in text
    assert "| `quiet` | true or false |" in text and "| unit |" in text
