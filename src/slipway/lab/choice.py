"""Find the lab that the user means, and refuse when it is not the one that is up."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from slipway.errors import NoLabError, UsageError
from slipway.lab.extra_vars import parse_extra_vars
from slipway.lab.lab_name import VARIABLE, checked
from slipway.lab.labs import KnownLab, known_labs
from slipway.lab.project import Project, locate, states_folder
from slipway.launcher import CommandLine


@dataclass(frozen=True)
class LabChoice:
    """The user's choice of a lab.

    Args:
        environ: Environment variables.
        inventories: Values of ``-i``.
        extra_vars: Values of ``-e``.
        lab: Value of ``--lab``.
    """

    environ: Mapping[str, str]
    inventories: tuple[str, ...] = ()
    extra_vars: tuple[str, ...] = ()
    lab: str | None = None

    @property
    def is_explicit(self) -> bool:
        """Return whether the user named a lab or an inventory."""
        named = any(VARIABLE in _variables(text) for text in self.extra_vars)
        return bool(self.lab or self.inventories or named or self.environ.get("ANSIBLE_INVENTORY"))

    @property
    def flags(self) -> str:
        """Return the flags that choose the same lab, with a blank before; empty without any."""
        words = [word for path in self.inventories for word in ("-i", path)]
        words += ["--lab", self.lab] if self.lab else []
        words += [
            word
            for text in self.extra_vars
            if VARIABLE in _variables(text)
            for word in ("-e", text)
            if not self.lab
        ]
        return f" {shlex.join(words)}" if words else ""

    @property
    def lines(self) -> CommandLine:
        """Return the writer of command lines for this lab."""
        return CommandLine(self.flags)

    def resolved(self) -> LabChoice:
        """Return the choice with ``--lab`` as inventories and an extra variable.

        Raises:
            UsageError: ``--lab`` and ``-e`` name different labs, or an inventory does not exist.
        """
        for path in self.inventories:
            if "," not in path and not Path(path).exists():  # Ansible would run without hosts
                raise UsageError(f"inventory {path} does not exist")
        inventories = tuple(_absolute(path) for path in self.inventories)
        if not self.lab:
            return replace(self, inventories=inventories)
        checked(self.lab, "--lab")
        for text in self.extra_vars:
            if (other := _variables(text).get(VARIABLE, self.lab)) != self.lab:
                raise UsageError(f"--lab {self.lab} contradicts {VARIABLE}={other}")
        if not inventories:
            inventories = next((one.inventories for one in self.labs() if one.name == self.lab), ())
        variable = json.dumps({VARIABLE: self.lab})
        return replace(self, inventories=inventories, extra_vars=(*self.extra_vars, variable))

    def project(self) -> Project:
        """Return the paths of the lab, whether it is up or not."""
        chosen = self.resolved()
        return locate(chosen.inventories, chosen.extra_vars, self.environ)

    def labs(self) -> list[KnownLab]:
        """Return the labs of this user."""
        return known_labs(states_folder(self.environ))

    def existing(self) -> LabChoice:
        """Return the choice of a lab that is up.

        When the user named no lab, and the default one is not up, this is the lab that was last
        brought up.

        Raises:
            NoLabError: The lab is not up.
        """
        if self.project().is_up:
            return self
        up = [one for one in self.labs() if one.is_up]
        if up and not self.is_explicit:
            return replace(self, lab=up[0].name)
        raise self.no_lab()

    def existing_or_own(self) -> LabChoice:
        """Return the choice of a lab that is up, or without one this choice, for what works before there is a lab."""
        try:
            return self.existing()
        except NoLabError:
            return self

    def no_lab(self) -> NoLabError:
        """Return the error for a lab that is not up, with advice that does not build another one."""
        up = [one.name for one in self.labs() if one.is_up]
        if up and self.project().lab not in up:
            named = f'lab "{self.project().lab}" is not up; labs that are up: {", ".join(up)}'
            return NoLabError(named, f"add --lab {up[0]}")
        return NoLabError("no lab is up", f"run: {self.lines.of('up')}")

    def removable(self, command: str) -> LabChoice:
        """Return the choice for a command that must not guess a lab.

        Args:
            command: The command, ``down`` or ``stop``.

        Raises:
            NoLabError: The user named no lab, and only others exist.
        """
        labs = [one.name for one in self.labs()]
        if labs and not self.is_explicit and self.project().lab not in labs:
            raise NoLabError(
                f'lab "{self.project().lab}" is not up; other labs: {", ".join(labs)}',
                f"run: {CommandLine(f' --lab {labs[0]}').of(command)}",
            )
        return self


def _variables(text: str) -> dict[object, object]:
    found = parse_extra_vars(text)
    return found if isinstance(found, dict) else {}


def _absolute(path: str) -> str:
    return str(Path(path).resolve()) if Path(path).exists() else path
