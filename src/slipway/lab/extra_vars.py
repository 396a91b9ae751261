"""Flags of ansible-playbook that choose the inventory and set variables, read as Ansible reads them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from slipway.lab.yaml_file import load_yaml, read_yaml

EXTRA_VARS = ("-e", "--extra-vars")
INVENTORY = ("-i", "--inventory", "--inventory-file")


def parse_extra_vars(text: str) -> object:
    """Return the variables in a value of ``-e``: ``name=value`` words, YAML, or ``@FILE``.

    Words are split as Ansible splits them: quotes group a value, and are removed.
    """
    if text.startswith("@"):
        path = Path(text[1:]).expanduser()
        return read_yaml(path) if path.is_file() else None
    if text.lstrip()[:1] in ("{", "["):
        return load_yaml(text)
    if not any(sign in text for sign in "'\"\\{"):
        return dict(word.split("=", 1) for word in text.split() if "=" in word)
    from ansible.errors import AnsibleError
    from ansible.parsing.splitter import parse_kv

    try:
        found = parse_kv(text)
    except AnsibleError:  # unbalanced quotes: Ansible reports them
        return None
    return {name: value for name, value in found.items() if name != "_raw_params"}


def values_of(flags: Sequence[str], words: Sequence[str]) -> list[str]:
    """Return the values of a flag in arguments of ansible-playbook, in order.

    Args:
        flags: The names of the flag, such as ``("-e", "--extra-vars")``.
        words: The arguments.
    """
    return [value for value, _ in _found(flags, words)]


def without(flags: Sequence[str], words: Sequence[str]) -> list[str]:
    """Return the arguments without a flag and its values."""
    gone = {at for _, places in _found(flags, words) for at in places}
    return [word for at, word in enumerate(words) if at not in gone]


def _found(flags: Sequence[str], words: Sequence[str]) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Yield each value with the positions of the words that give it."""
    at = 0
    while at < len(words):
        name, sign, value = words[at].partition("=")
        short = next((flag for flag in flags if len(flag) == 2 and words[at].startswith(flag)), "")
        if words[at] in flags:
            if at + 1 < len(words):
                yield words[at + 1], (at, at + 1)
            at += 1
        elif sign and name in flags and name.startswith("--"):
            yield value, (at,)
        elif short:
            yield words[at][2:], (at,)
        at += 1
