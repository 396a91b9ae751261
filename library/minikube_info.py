#!/usr/bin/python
# Copyright (c) Slipway
# SPDX-License-Identifier: Apache-2.0
"""Ansible module: read the Minikube profiles of a user."""

from __future__ import annotations

DOCUMENTATION = r"""
module: minikube_info
short_description: Read the Minikube profiles of a user
version_added: 0.1.0
description:
  - Reads the profiles below a Minikube home from their files, containers, C(minikube status) and the API.
  - Also works while a cluster is stopped or damaged. The results contain no secrets.
options:
  profile:
    description: Name of a profile. By default all existing profiles.
    type: str
    aliases: [name]
  kubeconfig:
    description: File with the contexts. By default the first file of E(KUBECONFIG), or C(~/.kube/config).
    type: path
  home:
    description: Directory with C(.minikube). By default E(MINIKUBE_HOME), or the home of the user.
    type: path
  executable:
    description: Minikube's program.
    type: str
    default: minikube
  environment:
    description: Further environment variables for Minikube.
    type: dict
    default: {}
requirements:
  - minikube
extends_documentation_fragment: [slipway.lab.attributes]
attributes:
  check_mode:
    support: full
  diff_mode:
    support: none
seealso:
  - module: slipway.lab.minikube
author:
  - Slipway (@slipway)
"""

EXAMPLES = r"""
- name: Read all clusters of a user
  slipway.lab.minikube_info:
  become: true
  become_user: minikube
  register: clusters

- name: Fail if the cluster is not started
  ansible.builtin.assert:
    that: clusters.profiles.minikube.state == 'started'

- name: Read a profile in another home
  slipway.lab.minikube_info:
    profile: staging
    home: /srv/minikube
    kubeconfig: /srv/minikube/kubeconfig
    executable: /opt/minikube/bin/minikube
    environment: {MINIKUBE_IN_STYLE: "false"}
"""

RETURN = r"""
version:
  description: Version of Minikube. Empty if it is not installed.
  returned: always
  type: str
  sample: v1.38.1
profiles:
  description: Each profile by name.
  returned: always
  type: dict
  contains:
    state:
      description: C(started), C(stopped), C(paused), C(degraded), C(lost), C(orphaned) or C(absent).
      type: str
    nodes:
      description: Nodes with address, version, readiness, labels and taints.
      type: list
      elements: dict
    addons:
      description: Enabled addons.
      type: list
      elements: str
    server:
      description: URL of the API server for clients on the host.
      type: str
    problem:
      description: Problem of the configuration, or the reason why the API server does not answer.
      type: str
kubeconfig:
  description: File with the contexts.
  returned: always
  type: str
"""

import shutil
from pathlib import Path

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.slipway.lab.plugins.module_utils.minikube.cli import MinikubeCli
from ansible_collections.slipway.lab.plugins.module_utils.minikube.engine import (
    CONTAINER_DRIVERS,
    Engine,
    EngineError,
)
from ansible_collections.slipway.lab.plugins.module_utils.minikube.node_api import ApiError
from ansible_collections.slipway.lab.plugins.module_utils.minikube.observed import describe_nodes
from ansible_collections.slipway.lab.plugins.module_utils.minikube.paths import (
    default_kubeconfig,
    minikube_environment,
    minikube_home,
)
from ansible_collections.slipway.lab.plugins.module_utils.minikube.prediction import summary
from ansible_collections.slipway.lab.plugins.module_utils.minikube.status import Reader


def usable_engine(driver: str | None) -> Engine | None:
    """Return the engine of a driver, or None when the driver has none or it does not answer."""
    if driver not in CONTAINER_DRIVERS:
        return None
    engine = Engine(driver)
    try:
        engine.check()
    except EngineError:
        return None
    return engine


def describe(reader: Reader, name: str) -> dict:
    """Return what one profile is."""
    driver = reader.config(name).get("Driver") or "docker"
    reader.engine = usable_engine(driver)
    seen = reader.read(name)
    if driver in CONTAINER_DRIVERS and reader.engine is None and seen.config:
        return {
            **summary(seen),
            "state": "unknown",
            "problem": f"{driver} does not answer",
            "nodes": [],
        }
    problem = seen.config_problem or seen.api_error
    result = {**summary(seen), "nodes": describe_nodes(seen), "problem": problem}
    try:
        result["server"] = reader.api(seen).url
    except ApiError:
        result["server"] = ""
    return result


def main() -> None:
    """Read Minikube profiles."""
    module = AnsibleModule(
        argument_spec={
            "profile": {"type": "str", "aliases": ["name"]},
            "kubeconfig": {"type": "path"},
            "home": {"type": "path"},
            "executable": {"type": "str", "default": "minikube"},
            "environment": {"type": "dict", "default": {}},
        },
        supports_check_mode=True,
    )
    environment = {str(k): str(v) for k, v in module.params["environment"].items()}
    home = minikube_home(module.params["home"], environment)
    kubeconfig = Path(module.params["kubeconfig"] or default_kubeconfig(environment))
    executable = shutil.which(module.params["executable"])
    found = sorted(p.name for p in home.glob("profiles/*") if p.is_dir())
    names = [module.params["profile"]] if module.params["profile"] else found
    environment = {**minikube_environment(home, kubeconfig), **environment}
    profiles, version = {}, ""
    for name in names:
        cli = MinikubeCli(executable, name, environment) if executable else None
        profiles[name] = describe(Reader(home, cli, None, kubeconfig), name)
    if executable:
        version = module.run_command(
            [executable, "version", "--short"], environ_update=environment
        )[1].strip()
    module.exit_json(changed=False, version=version, profiles=profiles, kubeconfig=str(kubeconfig))


if __name__ == "__main__":
    main()
