"""Ask for the passwords that Ansible would ask for, because its own questions cannot be seen in a run."""

from __future__ import annotations

import getpass
import os
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from slipway.errors import UsageError


@dataclass(frozen=True)
class Question:
    """A flag of Ansible that asks for a password.

    Args:
        letter: The short flag.
        flags: The long flags.
        prompt: The question, in Ansible's words.
        file_flag: The flag that takes a file with the password instead.
    """

    letter: str
    flags: tuple[str, ...]
    prompt: str
    file_flag: str


QUESTIONS = (
    Question("K", ("--ask-become-pass",), "BECOME password: ", "--become-password-file"),
    Question("k", ("--ask-pass",), "SSH password: ", "--connection-password-file"),
    Question("J", ("--ask-vault-password", "--ask-vault-pass"), "Vault password: ",
             "--vault-password-file"),
)  # fmt: skip
# Short flags of ansible-playbook without a value, which can be combined in one word.
SHORT_FLAGS = re.compile(r"-[bCDvKkJ]+")


@contextmanager
def answered(arguments: Sequence[str]) -> Iterator[list[str]]:
    """Ask for passwords, and yield arguments that contain a file in place of each question.

    The file is a script that reads the password from this process. The password itself is
    neither written to a disk, nor part of a command line or an environment.

    Args:
        arguments: The arguments of ansible-playbook.

    Raises:
        UsageError: There is no terminal to ask on.
    """
    rest, asked = _questions(arguments)
    if asked and not sys.stdin.isatty():
        files = " or ".join(question.file_flag for question in asked)
        raise UsageError(
            "without a terminal Slipway cannot ask for a password", f"use -- {files} FILE"
        )
    with ExitStack() as stack:
        for question in asked:
            script = stack.enter_context(_script(getpass.getpass(question.prompt)))
            rest += [question.file_flag, str(script)]
        yield rest


def _questions(arguments: Sequence[str]) -> tuple[list[str], list[Question]]:
    """Return the arguments without questions, and the questions."""
    rest: list[str] = []
    asked: list[Question] = []
    for word in arguments:
        if SHORT_FLAGS.fullmatch(word):
            asked += [question for question in QUESTIONS if question.letter in word]
            letters = re.sub("[KkJ]", "", word)
            rest += [letters] if letters != "-" else []
        elif found := [question for question in QUESTIONS if word in question.flags]:
            asked += found
        else:
            rest.append(word)
    return rest, list(dict.fromkeys(asked))


@contextmanager
def _script(password: str) -> Iterator[Path]:
    """Yield an executable that prints a password as long as this block runs."""
    memory = os.memfd_create("slipway-password")
    try:
        os.write(memory, password.encode())
        with tempfile.TemporaryDirectory(prefix="slipway-") as folder:
            script = Path(folder) / "password"
            script.write_text(f"#!/bin/sh\nexec cat /proc/{os.getpid()}/fd/{memory}\n")
            script.chmod(0o700)
            yield script
    finally:
        os.close(memory)
