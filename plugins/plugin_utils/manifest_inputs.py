"""Turn the entries of ``manifests`` into content, on the controller."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from ansible_collections.slipway.lab.plugins.module_utils.common.manifest_text import (
    MAX_FILE_SIZE,
    is_text,
)
from ansible_collections.slipway.lab.plugins.plugin_utils.chart_entry import ChartEntry
from ansible_collections.slipway.lab.plugins.plugin_utils.controller_files import (
    ControllerFiles,
    InputError,
    manifests_below,
)
from ansible_collections.slipway.lab.plugins.plugin_utils.helm_chart import HelmChart
from ansible_collections.slipway.lab.plugins.plugin_utils.tools import Tool

FOLDERS = ("manifests", "files")
MAX_TOTAL_SIZE = 64 << 20


class ManifestInputs:
    """Reads and renders the entries of one task.

    Args:
        files: Finds files beside the role or the playbook.
        read: Returns the content of a file, decrypted where Ansible Vault encrypted it.
        render: Returns a template with its variables filled in, given a path and more variables.
        cluster: Returns what the module ``release_info`` knows about the release of a chart.
        task: The arguments of the task.
    """

    def __init__(
        self,
        files: ControllerFiles,
        read: Callable[[str], str],
        render: Callable[[str, dict], str],
        cluster: Callable[[ChartEntry], dict[str, Any]],
        task: dict[str, Any],
    ):
        self.chart: ChartEntry | None = None
        self._files = files
        self._read_text = read
        self._render = render
        self._cluster = cluster
        self._task = task
        self._size = 0

    def resolve(self, entries: list[Any]) -> list[Any]:
        """Return the entries with content instead of names of files on the controller.

        A path that does not exist on the controller stays, for the host of the task.

        Raises:
            InputError: An input is missing, too large, or cannot be rendered.
        """
        found: list[Any] = []
        for index, entry in enumerate(entries):
            where = f"manifests[{index}]"
            if isinstance(entry, str) and not is_text(entry):
                found += self._files_of(entry, where)
            elif isinstance(entry, dict) and "template" in entry and "kind" not in entry:
                found += self._templates_of(entry, where)
            elif isinstance(entry, dict) and "kustomize" in entry and "kind" not in entry:
                found.append(self._kustomization_of(entry, where))
            elif isinstance(entry, dict) and "helm" in entry and "kind" not in entry:
                found.append({"helm": self._chart_of(entry, where)})
            else:
                found.append(entry)
        return found

    def _files_of(self, name: str, where: str) -> list[Any]:
        paths = [one for path in self._files.find(name, FOLDERS) for one in manifests_below(path)]
        return [self._content(path, where, self._read) for path in paths] or [name]

    def _templates_of(self, entry: dict, where: str) -> list[dict]:
        _check(entry, {"template": str, "vars": dict}, where)
        variables = entry.get("vars") or {}
        paths = self._files.require(entry["template"], ("templates",), f"{where}.template")
        return [
            self._content(path, where, lambda at: self._render(at, variables)) for path in paths
        ]

    def _kustomization_of(self, entry: dict, where: str) -> dict:
        _check(entry, {"kustomize": str}, where)
        name = entry["kustomize"]
        [path, *_] = self._files.require(name, FOLDERS, f"{where}.kustomize")
        return self._content(path, where, lambda at: Tool.find("kustomize").run("build", at))

    def _chart_of(self, entry: dict, where: str) -> dict:
        _check(entry, {"helm": dict}, where)
        if self.chart:
            raise InputError(f"{where}: a task has one chart; write a task for each")
        self.chart = ChartEntry.parse(entry["helm"], f"{where}.helm", self._task)
        if not self.chart.chart:
            return {"release": self.chart.release}
        cluster = self._cluster(self.chart)
        if self._task.get("state") == "absent" and not cluster["release"]:
            return {"release": self.chart.release}
        return HelmChart(self.chart, self._files, self._read).render(cluster)

    def _read(self, path: str) -> str:
        if not os.path.isfile(path):
            raise InputError("is not a regular file")
        if os.path.getsize(path) > MAX_FILE_SIZE:
            raise InputError(f"is larger than {MAX_FILE_SIZE >> 20} MiB")
        return self._read_text(path)

    def _content(self, path: str, where: str, read: Callable[[str], str]) -> dict:
        try:
            text = read(path)
        except Exception as error:
            raise InputError(f"{where}: {path}: {error}") from error
        self._size += len(text)
        if self._size > MAX_TOTAL_SIZE:
            raise InputError(
                f"{where}: the manifests of a task may have {MAX_TOTAL_SIZE >> 20} MiB"
            )
        return {"text": text, "source": path}


def _check(entry: dict, options: dict[str, type], where: str) -> None:
    unknown = sorted(set(entry) - set(options))
    if unknown:
        raise InputError(
            f"{where}: unknown: {', '.join(unknown)}; this entry has {', '.join(options)}"
        )
    for name, kind in options.items():
        if entry.get(name) is not None and not isinstance(entry[name], kind):
            wanted = "a mapping" if kind is dict else "text"
            raise InputError(f"{where}.{name}: is not {wanted}")
