#!/usr/bin/python
# Copyright (c) Slipway
# SPDX-License-Identifier: Apache-2.0
"""Ansible module: set keys of a JSON file and keep all others."""

from __future__ import annotations

DOCUMENTATION = r"""
module: json_file
short_description: Set keys of a JSON file and keep all others
version_added: 0.1.0
description:
  - Merges a mapping into a JSON file whose top level is an object.
  - Keys that are not declared keep their values.
  - Mappings merge key by key. Any other value replaces the existing value.
  - If the path is a symbolic link, the module changes the file that the link points to.
options:
  path:
    description: Path of the file. The module creates the file and its directory if they are missing.
    type: path
    required: true
  content:
    description: Declared keys. A null value removes the key.
    type: dict
    default: {}
  defaults:
    description: Keys that are set only if the file does not contain them.
    type: dict
    default: {}
  mode:
    description: Mode of the file.
    type: str
    default: "0644"
  validate:
    description:
      - Command that must accept the new file before it replaces the existing one.
      - The command must contain C(%s), the path of the new file.
    type: str
    default: ""
extends_documentation_fragment: [slipway.lab.attributes]
attributes:
  check_mode:
    support: full
    details: Predicts the change without the command of O(validate).
  diff_mode:
    support: full
    details: Shows the file before and after.
seealso:
  - module: ansible.builtin.copy
author:
  - Slipway (@slipway)
"""

EXAMPLES = r"""
- name: Rotate the logs of containers, and keep the administrator's settings
  slipway.lab.json_file:
    path: /etc/docker/daemon.json
    defaults:
      log-opts: {max-size: 10m, max-file: "3"}
    content:
      live-restore: true
    mode: "0644"
    validate: dockerd --validate --config-file=%s
"""

RETURN = r"""
changed_keys:
  description: Top-level keys whose values change, sorted.
  returned: always
  type: list
  elements: str
content:
  description: The whole content after the change.
  returned: always
  type: dict
"""

import json
import os
import tempfile

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.slipway.lab.plugins.module_utils.common.json_merge import (
    changed_keys,
    merge,
)


def read(path: str) -> tuple[str, dict]:
    """Read a JSON file.

    Args:
        path: The file. A missing or empty one counts as an empty object. A byte order mark, which dockerd accepts, is
            ignored.

    Returns:
        Its text and its content.

    Raises:
        ValueError: The file is not JSON or not an object.
    """
    if not os.path.exists(path):
        return "", {}
    with open(path, encoding="utf-8-sig") as file:
        text = file.read()
    content = json.loads(text) if text.strip() else {}
    if not isinstance(content, dict):
        raise ValueError(f"its top level is a {type(content).__name__}, not an object")
    return text, content


def write(module: AnsibleModule, path: str, text: str) -> None:
    """Put the text at the path in one step, after the command of `validate` has accepted it."""
    directory = os.path.dirname(path)
    os.makedirs(directory, mode=0o755, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=directory, prefix=".json_file-")
    module.add_cleanup_file(temporary)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    if module.params["validate"]:
        command = module.params["validate"].replace("%s", temporary)
        code, out, err = module.run_command(command)
        if code != 0:
            reason = (err or out).strip().replace(temporary, path)
            module.fail_json(msg=f"{path} stays as it was, its new content is refused: {reason}")
    module.atomic_move(temporary, path)


def main() -> None:
    """Update a JSON file."""
    module = AnsibleModule(
        argument_spec={
            "path": {"type": "path", "required": True},
            "content": {"type": "dict", "default": {}},
            "defaults": {"type": "dict", "default": {}},
            "mode": {"type": "str", "default": "0644"},
            "validate": {"type": "str", "default": ""},
        },
        supports_check_mode=True,
    )
    path = os.path.realpath(module.params["path"])
    try:
        before_text, before = read(path)
    except (ValueError, OSError) as error:
        module.fail_json(
            msg=f"{path} can't be read as JSON: {error}. Correct it or move it away and run again."
        )
    after = merge(merge(module.params["defaults"], before), module.params["content"])
    # The text of an unchanged file is kept as its owner wrote it.
    changed = after != before or not before_text
    text = json.dumps(after, indent=2) + "\n" if changed else before_text
    if changed and not module.check_mode:
        write(module, path, text)
    if not (module.check_mode and not before_text):
        changed = module.set_mode_if_different(path, module.params["mode"], changed)
    module.exit_json(
        changed=changed,
        changed_keys=changed_keys(before, after),
        content=after,
        diff={
            "before": before_text,
            "after": text,
            "before_header": path,
            "after_header": path,
        },
    )


if __name__ == "__main__":
    main()
