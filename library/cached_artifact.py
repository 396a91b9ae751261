#!/usr/bin/python
"""Ansible module: make artifacts once, keep them by the content of what they are made from."""

from __future__ import annotations

DOCUMENTATION = r"""
module: cached_artifact
short_description: Build or download artifacts into a cache keyed by content
description:
  - Makes each artifact of a list, in order, unless the cache holds it whole.
  - The key of an artifact is computed from its command, its inputs and the content of its input files, or
    from its checksum when it is downloaded. Other pins give another key, so nothing stale is ever used.
  - A recorded checksum is verified on every run. A corrupt artifact is made again.
  - An artifact appears under its key only when it is whole, so that an interrupted run leaves no half of one.
options:
  cache_dir:
    description: Directory of the cache. Made when it is missing.
    type: path
    required: true
  artifacts:
    description: The artifacts, made in this order.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: Name of the artifact, the directory below O(cache_dir).
        type: str
        required: true
      output:
        description: File or directory that the command leaves, or the name of the downloaded file.
        type: str
        required: true
      command:
        description:
          - Command as a list. C({work}) in it is the scratch directory.
          - C({file:PATH}) is the file or directory C(PATH), relative to O(artifacts[].directory). Its content becomes
            part of the key, its place and name do not.
          - C({path:NAME}) stands for the artifact C(NAME), which comes earlier in the list. Its key becomes
            part of the key of this one.
        type: list
        elements: str
        default: []
      directory:
        description: Where the command runs. The scratch directory when empty.
        type: str
        default: ""
      environment:
        description: Environment variables of the command. Not part of the key.
        type: dict
        default: {}
      inputs:
        description: Anything else that decides the content, part of the key.
        type: dict
        default: {}
      files:
        description: Files and directories whose content is part of the key.
        type: list
        elements: path
        default: []
      url:
        description: Download from here instead of running a command.
        type: str
        default: ""
      sha256:
        description: Checksum that the download must have. Required with O(artifacts[].url).
        type: str
        default: ""
  wanted:
    description:
      - Names of the artifacts that are wanted, all by default. The others are steps on the way to these, and
        are made only when one that needs them is missing.
    type: list
    elements: str
  progress_file:
    description: File that gets progress as JSON lines. Empty turns it off.
    type: str
    default: ""
  owner:
    description:
      - Process that the artifacts are made for. When it ends, a running command is ended too.
      - For builds that run asynchronously beside a playbook. 0 means none.
    type: int
    default: 0
attributes:
  check_mode:
    support: full
    description: Says which artifacts would be made.
  diff_mode:
    support: full
    description: Shows the state of each artifact before and after.
author:
  - Slipway
"""

EXAMPLES = r"""
- name: Build etcd
  cached_artifact:
    cache_dir: ~/.cache/slipway/artifacts
    artifacts:
      - name: etcd
        output: bin
        directory: upstream/programs/etcd
        files: [upstream/programs/etcd/go.mod, upstream/programs/etcd/go.sum]
        command: [go, build, -o, "{work}/bin/", go.etcd.io/etcd/server/v3]
"""

RETURN = r"""
made:
  description: Names of the artifacts that were missing or corrupt, and were made (or would be, in check mode).
  returned: always
  type: list
  elements: str
artifacts:
  description: By name, where each artifact lies and what it is.
  returned: always
  type: dict
  contains:
    path:
      description: File or directory.
      type: str
    key:
      description: Key over all that it was made from.
      type: str
    state:
      description: Found in the cache as C(present), C(absent) or C(corrupt).
      type: str
    sha256:
      description: Checksums by file. Empty when it is not there (check mode).
      type: dict
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.slipway.lab.plugins.module_utils.artifacts.artifact import (
    Artifact,
    ArtifactError,
)
from ansible_collections.slipway.lab.plugins.module_utils.artifacts.cache import ArtifactCache
from ansible_collections.slipway.lab.plugins.module_utils.common.progress import Progress

ARTIFACT_OPTIONS = {
    "name": {"type": "str", "required": True},
    "output": {"type": "str", "required": True},
    "command": {"type": "list", "elements": "str", "default": []},
    "directory": {"type": "str", "default": ""},
    "environment": {"type": "dict", "default": {}},
    "inputs": {"type": "dict", "default": {}},
    "files": {"type": "list", "elements": "path", "default": []},
    "url": {"type": "str", "default": ""},
    "sha256": {"type": "str", "default": ""},
}


def main() -> None:
    """Run the module."""
    module = AnsibleModule(
        argument_spec={
            "cache_dir": {"type": "path", "required": True},
            "artifacts": {
                "type": "list",
                "elements": "dict",
                "required": True,
                "options": ARTIFACT_OPTIONS,
                "mutually_exclusive": [("command", "url")],
                "required_by": {"url": ("sha256",)},
            },
            "owner": {"type": "int", "default": 0},
            "wanted": {"type": "list", "elements": "str"},
            "progress_file": {"type": "str", "default": ""},
        },
        supports_check_mode=True,
    )
    artifacts = [
        Artifact(**{**spec, "environment": {k: str(v) for k, v in spec["environment"].items()}})
        for spec in module.params["artifacts"]
    ]
    by_name = {artifact.name: artifact for artifact in artifacts}
    wanted = module.params["wanted"] or list(by_name)
    unknown = sorted(set(wanted) - set(by_name))
    if unknown:
        module.fail_json(msg=f"wanted names no artifact: {unknown}; there are {sorted(by_name)}")

    progress = Progress(module.params["progress_file"], "artifacts")
    missing: list[str] = []
    cache = ArtifactCache(
        module.params["cache_dir"],
        lambda name, text: progress(f"{name}: {text}", missing.index(name) + 1, len(missing)),
        module.params["owner"],
    )
    result: dict[str, dict] = {}
    try:
        found = cache.needed(artifacts, wanted)
        missing += [name for name, state in found.items() if state != "present"]
        for name, state in found.items():
            if state != "present" and not module.check_mode:
                cache.make(by_name[name])
            there = state == "present" or not module.check_mode
            result[name] = {
                "path": str(cache.path(by_name[name])),
                "key": cache.key(by_name[name]),
                "state": state,
                "sha256": cache.checksums(by_name[name]) if there else {},
            }
    except ArtifactError as error:
        module.fail_json(msg=str(error), artifacts=result)
    after = dict.fromkeys(found, "present")
    module.exit_json(
        changed=bool(missing),
        artifacts=result,
        made=missing,
        diff={"before": found, "after": after},
    )


if __name__ == "__main__":
    main()
