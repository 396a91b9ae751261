"""Render a Helm chart on the controller, as helm itself does."""

from __future__ import annotations

import datetime
import hashlib
import json
import os
import re
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import yaml

from ansible_collections.slipway.lab.plugins.plugin_utils.chart_entry import ChartEntry
from ansible_collections.slipway.lab.plugins.plugin_utils.controller_files import (
    ControllerFiles,
    InputError,
)
from ansible_collections.slipway.lab.plugins.plugin_utils.tools import Tool

FOLDERS = ("charts", "files")
# Below the directory of a chart or of one of its dependencies.
DEFINITIONS = re.compile(r"[^/]+(/charts/[^/]+)*/crds/")
# Renderings of a chart. A value that differs between them is one that the chart makes up.
RENDERINGS = 2


class HelmChart:
    """The chart of one entry.

    Args:
        entry: The options of the entry.
        files: Finds files beside the role or the playbook.
        read: Returns the content of a file, decrypted where Ansible Vault encrypted it.
    """

    def __init__(self, entry: ChartEntry, files: ControllerFiles, read: Callable[[str], str]):
        self._entry = entry
        self._files = files
        self._read = read
        self._helm = Tool.find("helm")

    def render(self, cluster: dict[str, Any]) -> dict[str, Any]:
        """Return the rendered chart, as the module takes it.

        A chart whose inputs are those of the last release is rendered in the same mode again, so that a condition on
        ``.Release.IsInstall`` does not change its objects.

        Args:
            cluster: What the module ``release_info`` returned.

        Raises:
            InputError: The chart cannot be found, fetched or rendered.
        """
        entry = self._entry
        with tempfile.TemporaryDirectory(prefix="slipway-chart-") as work:
            chart = self._located(work)
            about = yaml.safe_load(self._helm.run("show", "chart", chart))
            values = self._value_files(work)
            digest = _digest(chart, values, [entry.release, entry.namespace])
            mode = _mode(cluster, digest)
            options = self._options(cluster, values, mode)

            def template(number: int) -> dict[str, str]:
                out = os.path.join(work, f"rendered-{number}")
                arguments = [entry.release, chart, "--output-dir", out, *options]
                self._helm.run("template", *arguments)
                return dict(_texts(out))

            with ThreadPoolExecutor(RENDERINGS) as pool:
                first, *others = pool.map(template, range(RENDERINGS))
        definitions = [name for name in first if DEFINITIONS.match(name)]
        return {
            "release": entry.release,
            "chart": about["name"],
            "version": str(about["version"]),
            "digest": digest,
            "mode": mode,
            "adopt": entry.helm_adopt,
            "definitions": _contents(definitions, first, others),
            "templates": _contents([one for one in first if one not in definitions], first, others),
        }

    def _located(self, work: str) -> str:
        entry = self._entry
        name = entry.chart
        if not entry.repo and not name.startswith(("oci://", "http://", "https://")):
            [path, *_] = self._files.require(name, FOLDERS, f"{entry.where}.chart")
            return path
        target = os.path.join(work, "fetched")
        os.mkdir(target)
        options = ["--repo", entry.repo] if entry.repo else []
        options += ["--version", entry.version] if entry.version else []
        self._helm.run("pull", name, "--destination", target, *options)
        [archive] = os.listdir(target)
        return os.path.join(target, archive)

    def _value_files(self, work: str) -> list[str]:
        entry = self._entry
        texts = []
        for index, name in enumerate(entry.values_files):
            where = f"{entry.where}.values_files[{index}]"
            [path, *_] = self._files.require(name, ("files", "values"), where)
            texts.append(self._read(path))
        if entry.values:
            texts.append(json.dumps(entry.values, default=_text_of))
        paths = []
        for index, text in enumerate(texts):
            paths.append(os.path.join(work, f"values-{index}.yaml"))
            with open(paths[-1], "w", encoding="utf-8") as stream:
                stream.write(text)
        return paths

    def _options(self, cluster: dict[str, Any], values: list[str], mode: str) -> list[str]:
        entry = self._entry
        options = ["--namespace", entry.namespace, "--kube-version", cluster["version"]]
        for version in cluster["api_versions"]:
            options += ["--api-versions", version]
        for path in values:
            options += ["--values", path]
        flags = {
            "--include-crds": entry.include_crds,
            "--no-hooks": not entry.hooks,
            "--skip-tests": not entry.tests,
            "--is-upgrade": mode == "upgrade",
        }
        return [*options, *(flag for flag, wanted in flags.items() if wanted)]


def _text_of(value: Any) -> str:
    """Return a value that JSON does not have, as helm reads it in a file: a date without quotes is text."""
    if isinstance(value, datetime.date):  # datetime.datetime too
        return value.isoformat()
    raise InputError(f"values: {value!r} is not a value of YAML")


def _mode(cluster: dict[str, Any], digest: str) -> str:
    """Return whether templates are rendered for an installation or for an upgrade."""
    record, helm = cluster["release"], cluster["helm"]
    if record:
        return record["mode"] if record["digest"] == digest else "upgrade"
    return "upgrade" if helm and helm["revision"] > 1 else "install"


def _contents(
    names: list[str], first: dict[str, str], others: list[dict[str, str]]
) -> list[dict[str, str]]:
    found = []
    for name in sorted(names):
        differing = [one[name] for one in others if name in one and one[name] != first[name]]
        again = {"again": differing[0]} if differing else {}
        found.append({"text": first[name], "source": name, **again})
    return found


def _texts(directory: str) -> Iterator[tuple[str, str]]:
    for base, _, names in os.walk(directory):
        for name in names:
            path = os.path.join(base, name)
            with open(path, encoding="utf-8") as stream:
                yield os.path.relpath(path, directory), stream.read()


def _digest(chart: str, values: list[str], others: list[str]) -> str:
    """Return a digest of everything that decides what a chart renders to."""
    digest = hashlib.sha256(json.dumps(others).encode())
    for name, content in sorted(_members(chart)):
        digest.update(f"\n{name} {len(content)}\n".encode())
        digest.update(content)
    for path in values:
        with open(path, "rb") as stream:
            digest.update(b"\nvalues\n" + stream.read())
    return digest.hexdigest()


def _members(chart: str) -> Iterator[tuple[str, bytes]]:
    """Yield the files of a chart, the same for a directory and its archive."""
    if os.path.isdir(chart):
        for base, _, names in os.walk(chart):
            for name in names:
                path = os.path.join(base, name)
                with open(path, "rb") as stream:
                    yield os.path.relpath(path, chart), stream.read()
        return
    try:
        with tarfile.open(chart) as archive:
            for member in archive:
                stream = archive.extractfile(member)
                if stream:
                    yield member.name.partition("/")[2], stream.read()
    except (OSError, tarfile.TarError) as error:
        raise InputError(f"{chart} is not an archive of a chart: {error}") from error
