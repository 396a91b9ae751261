#!/usr/bin/python
# Copyright (c) Slipway
# SPDX-License-Identifier: Apache-2.0
"""Ansible module: build artifacts once, and cache them by the content of their inputs."""

from __future__ import annotations

DOCUMENTATION = r"""
module: cached_artifact
short_description: Build or download artifacts into a cache keyed by content
version_added: 0.1.0
description:
  - Makes each artifact of a list in order, unless the cache contains the complete artifact.
  - The key of an artifact is computed from its command, its inputs and the content of its input files, or from the
    checksum of its download. Other pins give another key, so an outdated artifact is never used.
  - Each run verifies the recorded checksums. A corrupt artifact is rebuilt.
  - An artifact gets its key only when it is complete. An interrupted run leaves no partial artifact under a key.
options:
  cache_dir:
    description: Directory of the cache. The module creates it if it is missing.
    type: path
    required: true
  artifacts:
    description: The artifacts, made in this order.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: Name of the artifact, which is its directory below O(cache_dir).
        type: str
        required: true
      output:
        description: File or directory that the command creates, or the name of the downloaded file.
        type: str
        required: true
      command:
        description:
          - Command as a list. C({work}) in it is replaced by the path of a temporary directory.
          - C({file:PATH}) is the file or directory C(PATH), relative to O(artifacts[].directory). Its content is part
            of the key. Its path and its name are not.
          - C({path:NAME}) is replaced by the path of the artifact C(NAME), which must be earlier in the list. Its key
            is part of the key of this artifact.
        type: list
        elements: str
        default: []
      directory:
        description: Working directory of the command. By default the temporary directory.
        type: str
        default: ""
      environment:
        description: Environment variables of the command. They are not part of the key.
        type: dict
        default: {}
      inputs:
        description: Other values that determine the content. They are part of the key.
        type: dict
        default: {}
      files:
        description: Files and directories whose content is part of the key.
        type: list
        elements: path
        default: []
      url:
        description: URL to download instead of running a command.
        type: str
        default: ""
      sha256:
        description: Checksum of the download. Required with O(artifacts[].url).
        type: str
        default: ""
  wanted:
    description:
      - Names of the wanted artifacts. By default, all artifacts are wanted. The other artifacts are made only if a
        missing artifact needs them.
    type: list
    elements: str
  keep_days:
    description:
      - Remove other versions of the declared artifacts that no run has used for so many days. V(0) keeps all.
    type: int
    default: 0
  keep_bytes:
    description:
      - When the cache is larger, remove the least recently used artifacts of any name until it fits. The declared
        versions stay. V(0) sets no limit.
    type: int
    default: 0
    version_added: 0.2.0
  owner:
    description:
      - Id of the process that needs the artifacts. When this process ends, the module ends the running command.
      - For builds that run asynchronously to a playbook. V(0) means that no process is watched.
    type: int
    default: 0
extends_documentation_fragment:
  - slipway.lab.attributes
  - slipway.lab.progress
attributes:
  check_mode:
    support: full
    details: Reports which artifacts would be made.
  diff_mode:
    support: full
    details: Shows the state of each artifact before and after.
seealso:
  - module: slipway.lab.registry_images
author:
  - Slipway (@slipway)
"""

EXAMPLES = r"""
- name: Build etcd
  slipway.lab.cached_artifact:
    cache_dir: ~/.cache/slipway/artifacts
    artifacts:
      - name: etcd
        output: bin
        directory: upstream/programs/etcd
        files: [upstream/programs/etcd/go.mod, upstream/programs/etcd/go.sum]
        command: [go, build, -o, "{work}/bin/", go.etcd.io/etcd/server/v3]

- name: Start to build the programs in the background
  slipway.lab.cached_artifact:
    cache_dir: ~/.cache/slipway/artifacts
    artifacts: "{{ all_artifacts }}"
    wanted: [etcd, coredns]
    keep_days: 30
    keep_bytes: 20000000000
    owner: "{{ lookup('ansible.builtin.pipe', 'echo $PPID') }}"
    progress_file: /run/slipway/progress.jsonl
  async: 3600
  poll: 0
"""

RETURN = r"""
made:
  description: Names of the missing or corrupt artifacts that were made, or would be made in check mode.
  returned: always
  type: list
  elements: str
removed:
  description: Artifacts that were removed because of O(keep_days) and O(keep_bytes), each as C(NAME/KEY).
  returned: always
  type: list
  elements: str
artifacts:
  description: Each artifact by name.
  returned: always
  type: dict
  contains:
    path:
      description: Path of the file or directory.
      type: str
    key:
      description: Key of its inputs.
      type: str
    state:
      description: State in the cache before the run, C(present), C(absent) or C(corrupt).
      type: str
    sha256:
      description: Checksums by file. Empty in check mode if the artifact is missing.
      type: dict
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.slipway.lab.plugins.module_utils.artifacts.artifact import (
    Artifact,
    ArtifactError,
)
from ansible_collections.slipway.lab.plugins.module_utils.artifacts.cache import ArtifactCache
from ansible_collections.slipway.lab.plugins.module_utils.artifacts.expiry import (
    mark_used,
    remove_over_limit,
    remove_unused,
)
from ansible_collections.slipway.lab.plugins.module_utils.common.progress import Progress
from ansible_collections.slipway.lab.plugins.module_utils.common.runner import run_module

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


def read_artifacts(module: AnsibleModule) -> tuple[dict[str, Artifact], list[str]]:
    """Return the declared artifacts by name, and the names of the wanted ones.

    Raises:
        ArtifactError: A wanted artifact is not declared.
    """
    artifacts = {
        spec["name"]: Artifact(
            **{**spec, "environment": {k: str(v) for k, v in spec["environment"].items()}}
        )
        for spec in module.params["artifacts"]
    }
    wanted = module.params["wanted"] or list(artifacts)
    if unknown := sorted(set(wanted) - set(artifacts)):
        raise ArtifactError(f"wanted: unknown artifacts: {unknown}. Available: {sorted(artifacts)}")
    return artifacts, wanted


def make_artifacts(module: AnsibleModule) -> dict:
    """Make the missing artifacts; return the result of the module.

    Raises:
        ArtifactError: An artifact cannot be made.
    """
    by_name, wanted = read_artifacts(module)
    progress = Progress(module.params["progress_file"], "artifacts")
    missing: list[str] = []
    cache = ArtifactCache(
        module.params["cache_dir"],
        lambda name, text: progress(f"{name}: {text}", missing.index(name) + 1, len(missing)),
        module.params["owner"],
    )
    found = cache.needed(list(by_name.values()), wanted)
    missing += [name for name, state in found.items() if state != "present"]
    result: dict[str, dict] = {}
    for name, state in found.items():
        exists = state == "present" or not module.check_mode
        try:
            if state != "present" and exists:
                cache.make(by_name[name])
        except ArtifactError as error:
            raise ArtifactError(str(error), artifacts=result) from error
        result[name] = {
            "path": str(cache.path(by_name[name])),
            "key": cache.key(by_name[name]),
            "state": state,
            "sha256": cache.checksums(by_name[name]) if exists else {},
        }
    after = dict.fromkeys(found, "present")
    removed = [] if module.check_mode else _expire(module, cache, by_name, list(found))
    return {
        "changed": bool(missing or removed),
        "artifacts": result,
        "made": missing,
        "removed": removed,
        "diff": {"before": found, "after": after},
    }


def _expire(
    module: AnsibleModule, cache: ArtifactCache, declared: dict[str, Artifact], used: list[str]
) -> list[str]:
    """Mark the artifacts that this run uses, and remove what no run has used for long or what exceeds the limit."""
    keys = {name: cache.key(artifact) for name, artifact in declared.items()}
    for name in used:
        mark_used(cache.directory, name, keys[name])
    days, limit = module.params["keep_days"], module.params["keep_bytes"]
    removed = remove_unused(cache.directory, keys, days) if days else []
    return removed + (remove_over_limit(cache.directory, keys, limit) if limit else [])


def main() -> None:
    """Build the missing artifacts."""
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
            "keep_days": {"type": "int", "default": 0},
            "keep_bytes": {"type": "int", "default": 0},
            "owner": {"type": "int", "default": 0},
            "wanted": {"type": "list", "elements": "str"},
            "progress_file": {"type": "str", "default": ""},
        },
        supports_check_mode=True,
    )
    run_module(module, make_artifacts)


if __name__ == "__main__":
    main()
