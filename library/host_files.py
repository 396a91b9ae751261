#!/usr/bin/python
# Copyright (c) Slipway
# SPDX-License-Identifier: Apache-2.0
"""Ansible module: write, download, link and remove several files of a host in one step."""

from __future__ import annotations

DOCUMENTATION = r"""
module: host_files
short_description: Write, download, link and remove several files of a host in one step
version_added: 0.2.0
description:
  - Brings files to their declared content, mode and owner. One task for all files of a role is much quicker than
    one task for each, even if nothing changes.
  - A file is replaced in one step, so no other program reads half of it. Missing directories are created with mode
    0755.
  - A download is verified before it replaces a file.
options:
  files:
    description: The files. Each has exactly one of C(content), C(url) and C(link), unless it is absent.
    type: list
    elements: dict
    required: true
    suboptions:
      path:
        description: Path of the file.
        type: path
        required: true
      content:
        description: Text of the file.
        type: str
      url:
        description: URL of the file, downloaded unless the file has the checksum already.
        type: str
      checksum:
        description: The sha256 of the download, in hexadecimal.
        type: str
      link:
        description: Target of a symbolic link. A path that is anything else than a link is kept.
        type: str
      mode:
        description: Mode of the file.
        type: str
        default: "0644"
      state:
        description: Whether the file exists. V(absent) with C(link) removes only a link to this target.
        type: str
        choices: [present, absent]
        default: present
  ca:
    description: Certificates of the authorities of the download servers, in PEM. Those of the host are not used then.
    type: str
    default: ""
  use_proxy:
    description: Use the proxy of the environment for downloads.
    type: bool
    default: true
extends_documentation_fragment: [slipway.lab.attributes]
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
    details: Shows texts before and after, and of a download its checksum.
seealso:
  - module: ansible.builtin.copy
  - module: ansible.builtin.get_url
author:
  - Slipway (@slipway)
"""

EXAMPLES = r"""
- name: Install the program and its unit
  slipway.lab.host_files:
    files:
      - path: /usr/local/lib/example/example
        url: https://192.0.2.1:5080/example
        checksum: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
        mode: "0755"
      - path: /usr/local/bin/example
        link: /usr/local/lib/example/example
      - path: /etc/systemd/system/example.service
        content: "{{ lookup('ansible.builtin.template', 'example.service.j2') }}"
    ca: "{{ lookup('ansible.builtin.file', 'ca.crt') }}"
    use_proxy: false

- name: Remove the unit
  slipway.lab.host_files:
    files: [{path: /etc/systemd/system/example.service, state: absent}]
"""

RETURN = r"""
changed_paths:
  description: Paths of the files that change.
  returned: always
  type: list
  elements: str
"""

import os
import tempfile

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.slipway.lab.plugins.module_utils.common.host_files import (
    HostFile,
    download,
    is_declared,
    put,
    shown,
)
from ansible_collections.slipway.lab.plugins.module_utils.common.runner import run_module

ARGUMENT_SPEC = {
    "files": {
        "type": "list",
        "elements": "dict",
        "required": True,
        "options": {
            "path": {"type": "path", "required": True},
            "content": {"type": "str"},
            "url": {"type": "str"},
            "checksum": {"type": "str"},
            "link": {"type": "str"},
            "mode": {"type": "str", "default": "0644"},
            "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        },
        "mutually_exclusive": [["content", "url", "link"]],
        "required_together": [["url", "checksum"]],
    },
    "ca": {"type": "str", "default": ""},
    "use_proxy": {"type": "bool", "default": True},
}


def work(module: AnsibleModule) -> dict:
    """Bring the files to their declared state and return the result of the module."""
    files = [HostFile.of(one) for one in module.params["files"]]
    changes = [file for file in files if not is_declared(file)]
    diff = [
        {"header": file.path, "before": before, "after": after}
        for file, (before, after) in ((file, shown(file)) for file in changes)
    ]
    if not module.check_mode:
        ca = ca_file(module)
        for file in changes:
            downloads = file.url and not file.absent
            put(file, download(file, ca, module.params["use_proxy"]) if downloads else None)
    return {
        "changed": bool(changes),
        "changed_paths": [file.path for file in changes],
        "diff": diff,
    }


def ca_file(module: AnsibleModule) -> str:
    """Return the path of a file with the authorities, or an empty text for those of the host."""
    if not module.params["ca"]:
        return ""
    handle, path = tempfile.mkstemp(dir=module.tmpdir, prefix="host_files-")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(module.params["ca"])
    return path


def main() -> None:
    """Bring files to their declared state."""
    os.umask(0o022)
    module = AnsibleModule(argument_spec=ARGUMENT_SPEC, supports_check_mode=True)
    run_module(module, work, foreign_errors=(OSError,))


if __name__ == "__main__":
    main()
