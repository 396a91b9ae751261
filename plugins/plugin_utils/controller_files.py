"""Find files on the controller, beside the role or the playbook of a task."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator, Sequence

from ansible_collections.slipway.lab.plugins.module_utils.common.errors import SlipwayError
from ansible_collections.slipway.lab.plugins.module_utils.common.manifest_text import SUFFIXES


class InputError(SlipwayError):
    """An input of a task is missing, or cannot be rendered."""


class ControllerFiles:
    """The places in which a task finds its files, in Ansible's order: the role, the tasks, the playbook.

    Args:
        search_path: The directories, as Ansible's variable ``ansible_search_path`` has them.
    """

    def __init__(self, search_path: Sequence[str]):
        self._bases: list[str] = []
        for path in search_path:
            # the tasks of a role are in a directory of the role
            above = [os.path.dirname(path)] if os.path.basename(path) == "tasks" else []
            self._bases += [base for base in [*above, path] if base not in self._bases]

    def find(self, name: str, folders: Sequence[str]) -> list[str]:
        """Return what a name means: a path that exists, the matches of a glob, or nothing.

        Args:
            name: A path, absolute or relative, or a glob.
            folders: The directories below each place that come before the place itself.
        """
        for path in self._candidates(name.strip(), folders):
            if os.path.exists(path):
                return [path]
            if glob.has_magic(path):
                found = sorted(
                    one for one in glob.glob(path, recursive=True) if os.path.isfile(one)
                )
                if found:
                    return found
        return []

    def require(self, name: str, folders: Sequence[str], where: str) -> list[str]:
        """Return the result of ``find``.

        Args:
            name: As for ``find``.
            folders: As for ``find``.
            where: The place of the name in the task.

        Raises:
            InputError: There is no such file. The message has the places.
        """
        found = self.find(name, folders)
        if found:
            return found
        searched = ", ".join(self._candidates(name.strip(), folders))
        raise InputError(f"{where}: there is no {name!r} on the controller; looked for {searched}")

    def _candidates(self, name: str, folders: Sequence[str]) -> Iterator[str]:
        name = os.path.expanduser(name)
        if os.path.isabs(name):
            yield name
            return
        for base in self._bases:
            for folder in folders:
                if name.split("/")[0] != folder:
                    yield os.path.join(base, folder, name)
            yield os.path.join(base, name)


def manifests_below(path: str) -> list[str]:
    """Return a file itself, or the manifests in a directory."""
    if not os.path.isdir(path):
        return [path]
    return sorted(
        one for one in glob.glob(f"{glob.escape(path)}/*") if one.lower().endswith(SUFFIXES)
    )
