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
  - With O(record), the module remembers what it changed. A key that is no longer declared gets its former value
    back, unless others changed the value since then.
options:
  path:
    description: Path of the file. The module creates the file and its directory if they are missing.
    type: path
    required: true
  state:
    description:
      - V(absent) takes back all changes in O(record), and deletes the file if the module created it and nothing is
        left in it.
    type: str
    choices: [present, absent]
    default: present
  content:
    description: Declared keys. A null value removes the key.
    type: dict
    default: {}
  defaults:
    description: Keys that are set only if the file does not contain them.
    type: dict
    default: {}
  union:
    description: Top-level keys whose lists are extended by the declared elements. Other lists are replaced.
    type: list
    elements: str
    default: []
  together:
    description:
      - Groups of keys whose O(defaults) belong together. If the file or O(content) has another value of a group's
        first key than O(defaults), the other keys of the group get no default.
    type: list
    elements: list
    default: []
  record:
    description: File in which the module remembers its changes, with mode 0600. One file can serve several O(path).
    type: path
    default: ""
  mode:
    description: Mode of the file. By default, a new file gets 0644, and an existing file keeps its mode.
    type: str
    default: ""
  validate:
    description:
      - Command that must accept the new file before it replaces the existing one. It also runs in check mode.
      - The command must contain C(%s), the path of the new file.
    type: str
    default: ""
extends_documentation_fragment: [slipway.lab.attributes]
attributes:
  check_mode:
    support: full
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
    together: [[log-driver, log-opts]]
    mode: "0644"
    validate: dockerd --validate --config-file=%s

- name: Trust a registry, and remember that for the removal
  slipway.lab.json_file:
    path: /etc/docker/daemon.json
    content:
      insecure-registries: ["192.0.2.1:5000"]
    union: [insecure-registries]
    record: /var/lib/slipway/docker.json

- name: Take back all changes
  slipway.lab.json_file:
    path: /etc/docker/daemon.json
    record: /var/lib/slipway/docker.json
    state: absent
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
    fitting_defaults,
    merge,
    unite,
)
from ansible_collections.slipway.lab.plugins.module_utils.common.json_record import (
    record_changes,
    take_back,
)

DEFAULT_MODE = "0644"
RECORD_MODE = 0o600


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
    if not path or not os.path.exists(path):
        return "", {}
    with open(path, encoding="utf-8-sig") as file:
        text = file.read()
    content = json.loads(text) if text.strip() else {}
    if content is None:  # "null", which dockerd takes for no settings
        content = {}
    if not isinstance(content, dict):
        raise ValueError(f"its top level is a {type(content).__name__}, not an object")
    return text, content


def read_or_fail(module: AnsibleModule, path: str) -> tuple[str, dict]:
    """Read a JSON file; a file that cannot be read ends the module."""
    try:
        return read(path)
    except (ValueError, OSError) as error:
        module.fail_json(
            msg=f"{path} can't be read as JSON: {error}. Correct it or move it away and run again."
        )


def declare(params: dict, base: dict) -> dict:
    """Return the content that the options declare over the content without earlier changes."""
    content = unite(base, params["content"], params["union"])
    chosen = merge(base, content)
    defaults = fitting_defaults(params["defaults"], chosen, params["together"])
    return merge(merge(defaults, base), content)


def temporary_file(module: AnsibleModule, directory: str, text: str) -> str:
    """Write a text to a new file in a directory; the module removes what is left of it."""
    handle, temporary = tempfile.mkstemp(dir=directory, prefix=".json_file-")
    module.add_cleanup_file(temporary)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    return temporary


def validate(module: AnsibleModule, path: str, text: str, keys: list[str]) -> None:
    """Let the command of `validate` judge the text; a refusal ends the module."""
    if not module.params["validate"]:
        return
    temporary = temporary_file(module, module.tmpdir, text)
    code, out, err = module.run_command(module.params["validate"].replace("%s", temporary))
    if code != 0:
        reason = (err or out).strip().replace(temporary, path)
        module.fail_json(
            msg=f"{path}: a change of {', '.join(keys)} is refused, and the file stays as it was: {reason}"
        )


def put(module: AnsibleModule, path: str, text: str) -> None:
    """Put the text at the path in one step; without a text, remove the file."""
    if not text:
        os.remove(path)
        return
    directory = os.path.dirname(path)
    os.makedirs(directory, mode=0o755, exist_ok=True)
    temporary = temporary_file(module, directory, text)
    if not os.path.exists(path):
        os.chmod(temporary, int(module.params["mode"] or DEFAULT_MODE, 8))
    module.atomic_move(temporary, path)


def write_record(module: AnsibleModule, path: str, records: dict, record: dict) -> None:
    """Remember the changes of a file, before the file is written."""
    place = module.params["record"]
    if not place or records.get(path, {}) == record:
        return
    records = {**records, path: record}
    if not record:
        del records[path]
    if not records:
        os.remove(place)
        return
    os.makedirs(os.path.dirname(place), mode=0o755, exist_ok=True)
    temporary = temporary_file(module, os.path.dirname(place), json.dumps(records, indent=2) + "\n")
    os.chmod(temporary, RECORD_MODE)
    os.replace(temporary, place)


ARGUMENT_SPEC = {
    "path": {"type": "path", "required": True},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "content": {"type": "dict", "default": {}},
    "defaults": {"type": "dict", "default": {}},
    "union": {"type": "list", "elements": "str", "default": []},
    "together": {"type": "list", "elements": "list", "default": []},
    "record": {"type": "path", "default": ""},
    "mode": {"type": "str", "default": ""},
    "validate": {"type": "str", "default": ""},
}


def main() -> None:
    """Update a JSON file."""
    # New directories are readable, whatever the umask of the account is.
    os.umask(0o022)
    module = AnsibleModule(
        argument_spec=ARGUMENT_SPEC,
        supports_check_mode=True,
        required_if=[("state", "absent", ["record"])],
    )
    params, path = module.params, os.path.realpath(module.params["path"])
    before_text, before = read_or_fail(module, path)
    _, records = read_or_fail(module, params["record"])
    known = records.get(path, {})
    base = take_back(before, known.get("entries", []))
    exists, present = os.path.exists(path), params["state"] == "present"
    created = known.get("created", False) if exists else True
    after = declare(params, base) if present else base
    removed = not present and exists and created and after == {}
    # The text of an unchanged file is kept as its owner wrote it.
    changed = after != before or removed or (present and not before_text)
    text = "" if removed else json.dumps(after, indent=2) + "\n" if changed else before_text
    entries = record_changes(base, after, params["union"])
    record = {"created": created, "entries": entries} if present else {}
    keys = changed_keys(before, after)
    if changed and not removed:
        validate(module, path, text, keys)
    if not module.check_mode:
        try:
            write_record(module, path, records, record)
            if changed:
                put(module, path, text)
        except OSError as error:
            module.fail_json(
                msg=f"{path} can't be written and stays as it was: {error}. Make its directory writable, or "
                "declare these keys with the tool that manages the file."
            )
    if params["mode"] and os.path.exists(path):
        changed = module.set_mode_if_different(path, params["mode"], changed)
    header = {"before_header": path, "after_header": path}
    diff = {"before": before_text, "after": text, **header}
    module.exit_json(changed=changed, changed_keys=keys, content=after, diff=diff)


if __name__ == "__main__":
    main()
