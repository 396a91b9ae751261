#!/usr/bin/python
"""Ansible module: tell what the Minikube profiles of a user are."""

from __future__ import annotations

DOCUMENTATION = r"""
module: minikube_info
short_description: Tell what the Minikube profiles of a user are
description:
  - Reads the profiles below a Minikube home from their files, containers, C(minikube status) and the API.
  - Changes nothing, and works while a cluster is stopped or damaged. Secrets are not among the results.
options:
  profile:
    description: Only this profile. By default all that are there.
    type: str
    aliases: [name]
  kubeconfig:
    description: File that has the contexts. By default the first file of E(KUBECONFIG), or C(~/.kube/config).
    type: path
  home:
    description: Directory that holds C(.minikube). By default E(MINIKUBE_HOME), or the home of the user.
    type: path
  executable:
    description: The program.
    type: str
    default: minikube
  environment:
    description: More environment variables for Minikube.
    type: dict
    default: {}
attributes:
  check_mode:
    support: full
    description: Changes nothing anyway.
  diff_mode:
    support: none
    description: Changes nothing.
seealso:
  - module: minikube
author:
  - Slipway
"""

EXAMPLES = r"""
- name: Look at all clusters of a user
  minikube_info:
  become: true
  become_user: minikube
  register: clusters

- name: Is the cluster up?
  ansible.builtin.assert:
    that: clusters.profiles.minikube.state == 'started'
"""

RETURN = r"""
version:
  description: Version of Minikube, empty when it is not installed.
  returned: always
  type: str
  sample: v1.38.1
profiles:
  description: By name, what each profile is.
  returned: always
  type: dict
  contains:
    state:
      description: C(started), C(stopped), C(paused), C(degraded), C(lost), C(orphaned) or C(absent).
      type: str
    nodes:
      description: Nodes with address, version, readiness, labels and taints.
      type: list
    addons:
      description: Enabled addons.
      type: list
    server:
      description: URL of the API as the host itself reaches it.
      type: str
    problem:
      description: What is wrong with its configuration, or why the API does not answer.
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
from ansible_collections.slipway.lab.plugins.module_utils.minikube.engine import Engine, EngineError
from ansible_collections.slipway.lab.plugins.module_utils.minikube.node_api import ApiError
from ansible_collections.slipway.lab.plugins.module_utils.minikube.plan import summary
from ansible_collections.slipway.lab.plugins.module_utils.minikube.spec import CONTAINER_DRIVERS
from ansible_collections.slipway.lab.plugins.module_utils.minikube.status import (
    Reader,
    default_kubeconfig,
    describe_nodes,
    minikube_environment,
    minikube_home,
)


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
    """Run the module."""
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
