#!/usr/bin/python
# Copyright (c) Slipway
# SPDX-License-Identifier: Apache-2.0
"""Ansible module: put a context into a user's kubeconfig, or take it out again."""

from __future__ import annotations

DOCUMENTATION = r"""
module: kubeconfig_context
short_description: Put a context into a user's kubeconfig, or take it out again
version_added: 0.1.0
description:
  - Copies the current context of another kubeconfig, with its cluster and user, under one name into the kubeconfig of a
    user.
  - The context has a mark with its owner. Entries of the same name without this mark are never changed or removed.
  - If several files are given, the module changes the file that has the context. It creates the context in the first
    file that exists, or else in the last one, as kubectl does.
  - Each change keeps the former file as a backup. Comments in the file are lost, as with kubectl.
options:
  name:
    description: Name of the context, its cluster and its user.
    type: str
    required: true
  owner:
    description: Whose context this is. A context of another owner is not changed.
    type: str
    required: true
  state:
    description: Whether the file has the context.
    type: str
    choices: [present, absent]
    default: present
  source:
    description: Kubeconfig with the context. Required with O(state=present).
    type: path
  kubeconfig:
    description:
      - Files to change, separated by colons. By default E(KUBECONFIG), or C(~/.kube/config).
    type: str
  use:
    description:
      - Make the context the current one. Its removal makes the one before current again.
    type: bool
    default: false
requirements:
  - PyYAML
extends_documentation_fragment: [slipway.lab.attributes]
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
    details: Shows contexts, servers and the current context, without credentials.
seealso:
  - module: slipway.lab.cluster_info
author:
  - Slipway (@slipway)
"""

EXAMPLES = r"""
- name: Let kubectl use the lab
  slipway.lab.kubeconfig_context:
    name: slipway-physics
    owner: physics
    source: ~/.local/state/slipway/physics/kubeconfig
    use: true

- name: Take the context out of a certain file
  slipway.lab.kubeconfig_context:
    name: slipway-physics
    owner: physics
    state: absent
    kubeconfig: ~/.kube/config
"""

RETURN = r"""
path:
  description: File that has the context, or would get it.
  returned: always
  type: str
backup:
  description: Copy of the file before the change. Empty without a change, or for a new file.
  returned: always
  type: str
"""

import os
import stat
import tempfile
import time
from contextlib import contextmanager

from ansible.module_utils.basic import AnsibleModule, missing_required_lib

from ansible_collections.slipway.lab.plugins.module_utils.common.runner import run_module
from ansible_collections.slipway.lab.plugins.module_utils.kube import kubeconfig_context as contexts

LOCK_SECONDS = 10.0


@contextmanager
def locked(path: str):
    """Hold the lock that kubectl takes to change a kubeconfig.

    Raises:
        KubeconfigError: Another program keeps it.
    """
    lock, limit = f"{path}.lock", time.monotonic() + LOCK_SECONDS
    while True:
        try:
            os.close(os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            break
        except FileExistsError:
            if time.monotonic() > limit:
                raise contexts.KubeconfigError(
                    f"{lock} exists: another program changes the file. Remove it if none does"
                ) from None
            time.sleep(0.1)
    try:
        yield
    finally:
        os.remove(lock)


def write(module: AnsibleModule, path: str, content: dict) -> str:
    """Replace a file in one step, and keep its mode and owner; return the path of its backup."""
    backup = module.backup_local(path) if os.path.exists(path) else ""
    handle, temporary = tempfile.mkstemp(dir=os.path.dirname(path), prefix=".kubeconfig-")
    module.add_cleanup_file(temporary)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(contexts.text_of(content))
    if backup:
        former = os.stat(path)
        os.chown(temporary, former.st_uid, former.st_gid)
        os.chmod(temporary, stat.S_IMODE(former.st_mode))
    os.replace(temporary, path)
    return backup


def declared(options: dict) -> tuple[contexts.Kubeconfig, dict]:
    """Return the file to change, and its content afterwards."""
    given = options["kubeconfig"] or os.environ.get("KUBECONFIG") or "~/.kube/config"
    paths = [os.path.realpath(os.path.expanduser(one)) for one in given.split(os.pathsep) if one]
    name, owner = options["name"], options["owner"]
    if options["state"] == "absent":
        files = [contexts.Kubeconfig.read(path) for path in paths]
        file = next((one for one in files if one.mark(name) is not None), files[0])
        return file, contexts.without(file, name, owner)
    source = contexts.Kubeconfig.read(os.path.realpath(options["source"]))
    if source.path in paths:
        raise contexts.KubeconfigError(
            f"{source.path} is the source itself. Name the file to change (kubeconfig)"
        )
    file = contexts.choose_file(paths, name)
    return file, contexts.merged(file, source, name, owner, options["use"])


def readable_by_others(path: str) -> list[str]:
    """Return a warning for a file with credentials that other accounts can read."""
    if os.path.exists(path) and os.stat(path).st_mode & 0o077:
        return [f"{path} has the credentials of the lab, and other accounts can read it: chmod 600"]
    return []


def work(module: AnsibleModule) -> dict:
    """Return the result of the module."""
    file, content = declared(module.params)
    backup, changed = "", content != file.content
    if changed and not module.check_mode:
        try:
            os.makedirs(os.path.dirname(file.path), mode=0o700, exist_ok=True)
            with locked(file.path):
                file, content = declared(
                    module.params
                )  # another program may have changed it before
                backup = write(module, file.path, content)
        except OSError as error:
            raise contexts.KubeconfigError(
                f"{file.path} cannot be written and stays as it was: {error}. Make its directory writable, or name "
                "another file (kubeconfig)"
            ) from error
    after = contexts.Kubeconfig(file.path, content)
    return {
        "changed": changed,
        "warnings": readable_by_others(file.path) if module.params["state"] == "present" else [],
        "path": file.path,
        "backup": backup,
        "diff": {"before": file.summary(), "after": after.summary()},
    }


def main() -> None:
    """Change a kubeconfig."""
    module = AnsibleModule(
        argument_spec={
            "name": {"type": "str", "required": True},
            "owner": {"type": "str", "required": True},
            "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
            "source": {"type": "path"},
            "kubeconfig": {"type": "str"},
            "use": {"type": "bool", "default": False},
        },
        required_if=[("state", "present", ["source"])],
        supports_check_mode=True,
    )
    if contexts.yaml is None:
        module.fail_json(msg=missing_required_lib("PyYAML"))
    run_module(module, work)


if __name__ == "__main__":
    main()
