"""The storage class of a cluster: its objects, and the clusters that keep their own."""

import json
from pathlib import Path

import jinja2
import pytest
import yaml

ROLE = Path(__file__).parents[4] / "roles/kubernetes"
DEFAULT = "storageclass.kubernetes.io/is-default-class"


def render(text, **variables):
    environment = jinja2.Environment(trim_blocks=True, undefined=jinja2.StrictUndefined)
    environment.filters["to_json"] = json.dumps
    return environment.from_string(text).render(**variables)


def objects(**storage):
    text = (ROLE / "templates/storage.yml.j2").read_text()
    settings = {"name": "s", "image": "p:1", "helper": "h:1", "directory": "/d", "default": True}
    return {
        one["kind"]: one for one in yaml.safe_load_all(render(text, storage=settings | storage))
    }


def test_the_objects_belong_to_one_class():
    found = objects(name="mine")
    assert found["StorageClass"]["provisioner"] == "mine"
    assert found["StorageClass"]["metadata"]["annotations"] == {DEFAULT: "true"}
    [container] = found["Deployment"]["spec"]["template"]["spec"]["containers"]
    assert container["image"] == "p:1"
    assert {"--provisioner-name=mine", "--namespace=mine"} <= set(container["command"])
    spaces = {one["metadata"].get("namespace", "mine") for one in found.values()}
    assert spaces == {"mine"}
    assert found["ClusterRoleBinding"]["subjects"][0]["namespace"] == "mine"


def test_a_class_of_a_lesson_is_not_the_default():
    assert "annotations" not in objects(default=False)["StorageClass"]["metadata"]


def test_the_provisioner_reads_where_and_with_which_image_it_makes_directories():
    data = objects(directory="/var/lib/x", helper="shell:2")["ConfigMap"]["data"]
    paths = json.loads(data["config.json"])["nodePathMap"]
    assert paths == [{"node": "DEFAULT_PATH_FOR_NON_LISTED_NODES", "paths": ["/var/lib/x"]}]
    helper = yaml.safe_load(data["helperPod.yaml"])
    assert helper["spec"]["containers"][0]["image"] == "shell:2"


@pytest.mark.parametrize(
    ("classes", "others"),
    [
        ([], []),
        ([("slipway-storage", {DEFAULT: "true"})], []),
        ([("ceph", {DEFAULT: "true"})], ["ceph"]),
        ([("ceph", {DEFAULT: "false"}), ("nfs", None)], []),
    ],
)
def test_a_default_class_of_others_stays_the_only_one(classes, others):
    variables = yaml.safe_load((ROLE / "vars/main.yml").read_text())
    found = [
        {"metadata": {"name": name} | ({"annotations": notes} if notes else {})}
        for name, notes in classes
    ]
    said = render(
        variables["__kubernetes_other_default_classes"],
        __kubernetes_storage_classes={"objects": found},
        __kubernetes_storage=variables["__kubernetes_storage"],
    )
    assert yaml.safe_load(said) == others
