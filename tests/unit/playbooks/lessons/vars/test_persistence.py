"""The storage of the lesson persistence, in ``playbooks/lessons/vars/persistence.yml``."""

import re
from pathlib import Path

import yaml

from support.inventory import ROOT, rendered

VARIABLES = yaml.safe_load((ROOT / "playbooks/lessons/vars/persistence.yml").read_text())


def test_the_storage_comes_from_the_template_of_the_role():
    [lookup] = VARIABLES["lesson_storage_manifests"]
    path = re.search(r"'/(\S+\.j2)'", lookup)[1]
    template = ROOT / "roles/kubernetes/templates/storage.yml.j2"
    assert (ROOT / "playbooks/lessons/persistence" / path).resolve() == template


def test_the_storage_has_all_settings_of_the_template():
    settings = rendered(
        VARIABLES,
        "lesson_storage_settings",
        slipway_versions={"local_path_provisioner": "v1"},
        lesson_images={"bootcamp_v1": "bootcamp:v1"},
    )
    role = yaml.safe_load(Path(ROOT, "roles/kubernetes/vars/main.yml").read_text())
    assert settings.keys() == role["__kubernetes_storage"].keys()
    assert settings["image"] == "docker.io/rancher/local-path-provisioner:v1"
    assert settings["default"] is False
