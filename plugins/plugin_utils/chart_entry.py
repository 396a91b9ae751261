"""Check the options of a chart among the manifests of a task."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields
from typing import Any

from ansible.module_utils.parsing.convert_bool import boolean

from ansible_collections.slipway.lab.plugins.plugin_utils.controller_files import InputError

# As helm allows it: Secrets and labels contain the name.
RELEASE = re.compile(r"[a-z0-9]([-a-z0-9]{0,51}[a-z0-9])?")
KINDS = {str: "text", bool: "true or false", dict: "a mapping", list: "a list of names"}


@dataclass(frozen=True)
class ChartEntry:
    """The options of a chart, with their defaults.

    Args:
        where: The place of the entry in the task.
    """

    where: str
    release: str
    namespace: str
    chart: str = ""
    repo: str = ""
    version: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    values_files: list[str] = field(default_factory=list)
    include_crds: bool = True
    hooks: bool = True
    tests: bool = False
    helm_adopt: bool = False

    @classmethod
    def parse(cls, options: Any, where: str, task: dict[str, Any]) -> ChartEntry:
        """Return the checked options.

        Args:
            options: The options as given.
            where: Their place in the task.
            task: The arguments of the task.

        Raises:
            InputError: An option is missing, unknown or of another type.
        """
        if not isinstance(options, dict):
            raise InputError(f"{where}: is not a mapping")
        types = {one.name: _TYPES[one.type.partition("[")[0]] for one in fields(cls)}
        del types["where"]
        unknown = sorted(set(options) - set(types))
        if unknown:
            raise InputError(f"{where}: unknown: {', '.join(unknown)}; it has {', '.join(types)}")
        given = {
            name: _converted(value, types[name], f"{where}.{name}")
            for name, value in options.items()
            if value is not None
        }
        namespace = task.get("namespace") or given.get("namespace") or "default"
        entry = cls(where, given.pop("release", ""), given.pop("namespace", namespace), **given)
        entry._check(namespace, task)
        return entry

    def _check(self, namespace: str, task: dict[str, Any]) -> None:
        if not RELEASE.fullmatch(self.release):
            raise InputError(
                f"{self.where}.release: {self.release!r} is not a name of a release: at most 53 lower-case letters, "
                "digits and '-'"
            )
        if self.namespace != namespace:
            raise InputError(f"{self.where}.namespace: the namespace of the task is {namespace}")
        if task.get("applyset"):
            raise InputError("applyset: a chart has the set of its release, so leave it out")
        if not self.chart and task.get("state") != "absent":
            raise InputError(
                f"{self.where}.chart: is needed: a directory, an archive, oci:// or a name with repo"
            )
        remote = self.repo or self.chart.startswith("oci://")
        if remote and not self.version:
            raise InputError(
                f"{self.where}.version: is needed, so that each run deploys the same chart"
            )


_TYPES = {"str": str, "bool": bool, "dict": dict, "list": list}


def _converted(value: Any, kind: type, where: str) -> Any:
    if kind is bool:
        try:
            return boolean(value)
        except TypeError as error:
            raise InputError(f"{where}: is not {KINDS[kind]}") from error
    if not isinstance(value, kind) or kind is list and not all(isinstance(o, str) for o in value):
        raise InputError(f"{where}: is not {KINDS[kind]}")
    return value
