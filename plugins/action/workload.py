"""Action plugin of the module workload, which documents it: inputs on the controller become content."""

from __future__ import annotations

from typing import Any

import yaml
from ansible.plugins.action import ActionBase
from ansible.plugins.loader import lookup_loader
from ansible.utils.vars import merge_hash

from ansible_collections.slipway.lab.plugins.doc_fragments.kube_auth import ModuleDocFragment
from ansible_collections.slipway.lab.plugins.module_utils.common.manifest_text import applyset_of
from ansible_collections.slipway.lab.plugins.plugin_utils.chart_entry import ChartEntry
from ansible_collections.slipway.lab.plugins.plugin_utils.controller_files import (
    ControllerFiles,
    InputError,
)
from ansible_collections.slipway.lab.plugins.plugin_utils.manifest_inputs import ManifestInputs


class ActionModule(ActionBase):
    """Read and render the manifests of a task, then run the module."""

    _supports_check_mode = True
    _supports_async = True

    def run(self, tmp: Any = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Run the task."""
        result = super().run(tmp, task_vars)
        variables = task_vars or {}
        arguments = dict(self._task.args)
        if arguments.get("manifests"):
            try:
                self._resolve(arguments, variables)
            except InputError as error:
                return {**result, "failed": True, "msg": error.message}
        wrap_async = self._task.async_val and not self._connection.has_native_async
        done = self._execute_module(
            module_args=arguments, task_vars=variables, wrap_async=wrap_async
        )
        if not wrap_async:
            self._remove_tmp_path(self._connection._shell.tmpdir)
        return merge_hash(result, done)

    def _resolve(self, arguments: dict[str, Any], variables: dict[str, Any]) -> None:
        given = arguments["manifests"]
        files = ControllerFiles(variables.get("ansible_search_path") or [])

        def render(path: str, more: dict[str, Any]) -> str:
            lookup = lookup_loader.get("template", loader=self._loader, templar=self._templar)
            return lookup.run([path], variables=variables, template_vars=more)[0]

        def cluster(entry: ChartEntry) -> dict[str, Any]:
            return self._release_info(entry, arguments, variables)

        read = self._loader.get_text_file_contents
        inputs = ManifestInputs(files, read, render, cluster, arguments)
        arguments["manifests"] = inputs.resolve(given if isinstance(given, list) else [given])
        if inputs.chart:
            arguments["namespace"] = inputs.chart.namespace
            arguments["applyset"] = applyset_of(inputs.chart.release)
            if arguments.get("state") != "absent":
                arguments.setdefault("prune", True)

    def _release_info(
        self, entry: ChartEntry, arguments: dict[str, Any], variables: dict[str, Any]
    ) -> dict[str, Any]:
        """Ask the cluster, from the host of the task, what helm needs to know about it."""
        options = yaml.safe_load(ModuleDocFragment.DOCUMENTATION)["options"]
        names = {
            one for name, option in options.items() for one in [name, *option.get("aliases", [])]
        }
        connection = {name: value for name, value in arguments.items() if name in names}
        done = self._execute_module(
            module_name="slipway.lab.release_info",
            module_args={**connection, "name": entry.release, "namespace": entry.namespace},
            task_vars=variables,
        )
        if done.get("failed"):
            raise InputError(f"{entry.where}: {done.get('msg')}")
        return done
