"""Action plugin of the module node_images, which documents it: an archive of the controller is copied when needed."""

from __future__ import annotations

import os
from typing import Any

from ansible.errors import AnsibleError
from ansible.plugins.action import ActionBase

from ansible_collections.slipway.lab.plugins.module_utils.common.errors import SlipwayError
from ansible_collections.slipway.lab.plugins.module_utils.oci.archive import read_archive
from ansible_collections.slipway.lab.plugins.module_utils.oci.image import go_architecture


class ActionModule(ActionBase):
    """Read the archive of a task, and run the module with it on the host."""

    _supports_check_mode = True

    def run(self, tmp: Any = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Run the task."""
        result = super().run(tmp, task_vars)
        arguments = dict(self._task.args)
        archive = arguments.get("archive")
        if not archive or arguments.get("state") == "absent" or _true(arguments.get("remote_src")):
            return {**result, **self._execute_module(module_args=arguments, task_vars=task_vars)}
        try:
            path = self._find_needle("files", os.path.expanduser(str(archive)))
            machine = self._machine(task_vars or {})
            arguments["contents"] = read_archive(path, go_architecture(machine))
        except (AnsibleError, SlipwayError) as error:
            return {**result, "failed": True, "msg": str(error)}
        done = self._compare(arguments, task_vars)
        if done.get("changed") and not self._task.check_mode:
            folder = self._make_tmp_path()
            arguments["archive"] = self._transfer_file(
                path, self._connection._shell.join_path(folder, os.path.basename(path))
            )
            self._fixup_perms2((folder, arguments["archive"]))
            done = self._execute_module(module_args=arguments, task_vars=task_vars)
            self._remove_tmp_path(folder)
        return {**result, **done}

    def _compare(self, arguments: dict[str, Any], task_vars: Any) -> dict[str, Any]:
        """Run the module in check mode: it reports which nodes need the archive."""
        check, self._task.check_mode = self._task.check_mode, True
        try:
            return self._execute_module(module_args=arguments, task_vars=task_vars)
        finally:
            self._task.check_mode = check

    def _machine(self, variables: dict[str, Any]) -> str:
        """Return the architecture of the host as ``uname -m`` prints it."""
        facts = variables.get("ansible_facts") or {}
        if known := facts.get("architecture"):
            return str(known)
        done = self._low_level_execute_command("uname -m")
        return str(done["stdout"]).strip()


def _true(value: Any) -> bool:
    return str(value).lower() in ("true", "yes", "1", "on")
