"""The collection without the checkout: built here, installed in an empty home of another user, used on the real lab."""

import json
import os
import re
import shutil
from pathlib import Path

import pytest

from support.installed_collection import Installation, has_other_account

ROOT = Path(__file__).resolve().parents[2]
PLAYBOOK = """---
- name: Deploy with the collection's modules
  hosts: localhost
  gather_facts: false
  module_defaults:
    group/slipway.lab.kube:
      kubeconfig: "{{ lookup('env', 'HOME') }}/kubeconfig"
  vars:
    app:
      name: web
      image: registry.k8s.io/e2e-test-images/agnhost:2.59
      command: [/agnhost, netexec]
      replicas: 2
      ports: ["80:8080"]
      probes: {readiness: {http: /healthz}}
  tasks:
    - name: Deploy an application
      slipway.lab.workload: {namespace: installed, create_namespace: true, apps: ["{{ app }}"], wait: serving}

    - name: Scale the application
      slipway.lab.workload_scale: {namespace: installed, name: web, replicas: 3}

    - name: Read the application
      slipway.lab.workload_info: {namespace: installed, name: web}
      register: look

    - name: Expect three pods
      ansible.builtin.assert:
        that: look.workloads[0].pods | length == 3
"""


def changes(recap):
    """Return how many tasks changed something, from the recap of a playbook."""
    return sum(int(count) for count in re.findall(r"changed=(\d+)", recap))


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """An empty home; its owner is another account where the tests run as root."""
    folder = tmp_path_factory.mktemp("home")
    for parent in (folder.parent, folder.parent.parent):
        parent.chmod(parent.stat().st_mode | 0o011)
    return folder


@pytest.fixture(scope="module")
def guest(home, kubeconfig, client):
    """Another user with the installed collection and a kubeconfig of the lab."""
    installation = Installation(home, other_account=has_other_account())
    installation.install()
    copy = home / "kubeconfig"
    shutil.copy(kubeconfig, copy)
    os.chown(copy, home.stat().st_uid, home.stat().st_gid)
    copy.chmod(0o600)
    yield installation
    client.delete("/api/v1/namespaces/installed")


def test_documentation_is_read_from_the_installed_collection(guest):
    found = json.loads(guest.run("ansible-doc", "-t", "module", "--json", "slipway.lab.workload"))
    filename = found["slipway.lab.workload"]["doc"]["filename"]
    assert filename.startswith(str(guest.collections))


def test_another_user_deploys_with_full_names(guest):
    (guest.home / "app.yml").write_text(PLAYBOOK)
    guest.run("ansible-playbook", "app.yml")


def test_the_site_of_the_collection_finds_the_lab_converged(tmp_path, lab):
    """The control machine needs root, so this one runs as the tests' own account, with nothing of the checkout."""
    cache = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    state = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local/state")
    # The same Go in PATH as for `up`: its version belongs to the key of every program that is built.
    variables = {"XDG_CACHE_HOME": cache, "XDG_STATE_HOME": state, "PATH": os.environ["PATH"]}
    user = Installation(tmp_path, **variables)
    inventories = user.install() / "inventories"
    shutil.copytree(ROOT / "tests/acceptance/inventory", tmp_path / "inventory")
    files = ("-i", str(inventories / "lab"), "-i", "inventory")
    recap = user.run("ansible-playbook", *files, "slipway.lab.site")
    assert "The lab is ready." in recap
    assert changes(recap) == 0
