"""The one versions file and the pins of the Go modules say the same."""

import re
from pathlib import Path

import pytest
import yaml

UPSTREAM = Path(__file__).resolve().parents[3] / "upstream"
VERSIONS = yaml.safe_load((UPSTREAM / "versions.yml").read_text())
PINS = VERSIONS["slipway_versions"] | VERSIONS["slipway_extra_versions"]
MODULES = {
    "kubernetes": ("k8s.io/kubernetes", "kubernetes"),
    "kubernetes-next": ("k8s.io/kubernetes", "kubernetes_next"),
    "conformance": ("k8s.io/kubernetes", "kubernetes"),
    "minikube": ("k8s.io/minikube", "minikube"),
    "etcd": ("go.etcd.io/etcd/server/v3", "etcd"),
    "etcd-tools": ("go.etcd.io/etcd/etcdctl/v3", "etcd"),
    "coredns": ("github.com/coredns/coredns", "coredns"),
    "cri-tools": ("sigs.k8s.io/cri-tools", "cri_tools"),
    "vegeta": ("github.com/tsenart/vegeta/v12", "vegeta"),
    "cni-plugins": ("github.com/containernetworking/plugins", "cni_plugins"),
    "flannel": ("github.com/flannel-io/flannel", "flannel"),
    "kube-router": ("github.com/cloudnativelabs/kube-router/v2", "kube_router"),
    "metallb": ("go.universe.tf/metallb", "metallb"),
    "traefik": ("github.com/traefik/traefik/v3", "traefik"),
    "kwok": ("sigs.k8s.io/kwok", "kwok"),
    "helm": ("helm.sh/helm/v3", "helm"),
    "kustomize": ("sigs.k8s.io/kustomize/kustomize/v5", "kustomize"),
    "k9s": ("github.com/derailed/k9s", "k9s"),
    "local-path-provisioner": (
        "github.com/rancher/local-path-provisioner",
        "local_path_provisioner",
    ),
    "metrics-server": ("sigs.k8s.io/metrics-server", "metrics_server"),
    "victoria-metrics": ("github.com/VictoriaMetrics/VictoriaMetrics", "victoria_metrics"),
    "alertmanager": ("github.com/prometheus/alertmanager", "alertmanager"),
    "kube-state-metrics": ("k8s.io/kube-state-metrics/v2", "kube_state_metrics"),
    "node-exporter": ("github.com/prometheus/node_exporter", "node_exporter"),
    "victoria-logs": ("github.com/VictoriaMetrics/VictoriaLogs", "victoria_logs"),
    "otel-collector": ("go.opentelemetry.io/collector/cmd/builder", "otel_collector"),
}


def version(text):
    return tuple(map(int, text.split(".")))


@pytest.mark.parametrize(
    "recipe", sorted(path.parent.name for path in UPSTREAM.glob("programs/*/go.mod"))
)
def test_recipe_is_pinned_at_the_declared_version(recipe):
    module, name = MODULES[recipe]
    text = (UPSTREAM / "programs" / recipe / "go.mod").read_text()
    pinned = re.search(rf"^\s*(?:require )?{re.escape(module)} (v\S+)", text, re.M)[1]
    assert pinned == PINS[name]
    assert (UPSTREAM / "programs" / recipe / "go.sum").stat().st_size > 0


def requirements(recipe):
    """Return the versions of modules that a recipe's go.mod requires."""
    text = (UPSTREAM / "programs" / recipe / "go.mod").read_text()
    return dict(re.findall(r"^\s*(?:require )?(\S+) (v\S+)(?: // indirect)?$", text, re.M))


def test_definitions_of_the_gateway_api_are_those_that_traefik_was_made_for():
    assert requirements("traefik")["sigs.k8s.io/gateway-api"] == PINS["gateway_api"]


def test_workspace_keeps_the_declared_version_of_each_program():
    """Go takes the newest version that a member of a workspace requires, unless the workspace replaces it."""
    text = (UPSTREAM / "programs/cluster/go.work").read_text()
    members = re.findall(r"\.\./(\S+)", text)
    replaced = dict(re.findall(r"=> (\S+) (v\S+)", text))
    assert members == sorted(members) and len(members) > 1
    for recipe in members:
        module, name = MODULES[recipe]
        versions = {requirements(member).get(module) for member in members} - {None}
        assert replaced.get(module) == PINS[name] or versions == {PINS[name]}


def test_no_recipe_needs_a_newer_go_than_declared():
    lab, extras = VERSIONS["slipway_versions"], VERSIONS["slipway_extra_versions"]
    for recipe in UPSTREAM.glob("programs/*/go.mod"):
        needed = re.search(r"^go (\S+)", recipe.read_text(), re.M)[1]
        is_extra = MODULES[recipe.parent.name][1] in extras
        minimum = extras["extras_go_minimum"] if is_extra else lab["go_minimum"]
        assert version(needed) <= version(minimum) <= version(lab["go_wheel"])


def test_images_of_a_release_are_those_of_the_versions():
    release = VERSIONS["slipway_versions"]["kubernetes"]
    names = {image["name"] for image in VERSIONS["slipway_release_images"]}
    for component in ("kube-apiserver", "kube-controller-manager", "kube-scheduler", "kube-proxy"):
        assert f"{component}:{release}" in names


def test_checksums_look_like_sha256():
    for program in VERSIONS["slipway_release_sha256"].values():
        assert all(re.fullmatch(r"[0-9a-f]{64}", digest) for digest in program.values())


def test_npm_packages_are_pinned_by_checksum():
    for pin in VERSIONS["slipway_npm_packages"].values():
        assert re.fullmatch(r"\d+\.\d+\.\d+", pin["version"])
        assert re.fullmatch(r"sha512-[A-Za-z0-9+/]{86}==", pin["integrity"])


def test_manifest_of_the_pod_network_uses_the_built_image():
    image = f"ghcr.io/flannel-io/flannel:{VERSIONS['slipway_versions']['flannel']}"
    manifest = (UPSTREAM / "images/network/flannel.yml").read_text()
    assert set(re.findall(r"image: (\S+)", manifest)) == {image}


def test_no_name_has_two_versions():
    assert not VERSIONS["slipway_versions"].keys() & VERSIONS["slipway_extra_versions"].keys()


def test_the_list_of_images_without_a_digest_only_shrinks():
    images = [VERSIONS["slipway_release_node_image"], *VERSIONS["slipway_release_images"]]
    unpinned = {
        image["name"].split(":")[0].split("/")[-1] for image in images if "digest" not in image
    }
    readme = (UPSTREAM.parent / "roles/mirror/README.md").read_text()
    (row,) = (line for line in readme.splitlines() if line.startswith("| `kube-apiserver`"))
    assert unpinned == set(re.findall(r"`([a-z-]+)`", row.split("|")[1]))
    assert len(unpinned) <= 8
    assert all(
        re.fullmatch(r"sha256:[0-9a-f]{64}", image["digest"])
        for image in images
        if "digest" in image
    )
