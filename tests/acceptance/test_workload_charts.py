"""Charts and kustomizations on a real cluster, rendered by the real programs."""

from __future__ import annotations

import base64
import shutil
import subprocess
from functools import partial
from http.server import SimpleHTTPRequestHandler
from pathlib import Path

import pytest

from ansible_collections.slipway.lab.plugins.plugin_utils.tools import Tool
from support.loopback import LoopbackServer
from support.on_cluster import good
from support.playbook import ROOT, Playbook

# The first run builds helm and kustomize.
pytestmark = pytest.mark.long

FIXTURES = ROOT / "tests/fixtures"
WEB = "web-shop"


@pytest.fixture(scope="module")
def tools(tmp_path_factory):
    """Build helm and kustomize with the command that the error names, unless they exist."""
    Playbook(tmp_path_factory.mktemp("tools")).command(
        "ansible-playbook", "slipway.lab.chart_tools"
    )
    return Tool.find


@pytest.fixture
def book(tools, run, kubeconfig, tmp_path):
    """A playbook with the chart ``shop`` as an archive, in a namespace of its own."""
    (tmp_path / "files").mkdir()
    shutil.make_archive(str(tmp_path / "files/shop"), "gztar", FIXTURES / "charts", "shop")
    shutil.move(tmp_path / "files/shop.tar.gz", tmp_path / "files/shop-1.2.0.tgz")
    return Playbook(tmp_path, kubeconfig=str(kubeconfig), namespace=run.namespace)


@pytest.fixture
def deploy(book):
    """Deploy the archive with values."""

    def run_task(*flags, values=None, state="present", **options):
        helm = {"release": "web", "chart": "shop-1.2.0.tgz", "values": values or {}, **options}
        return book.run(
            "workload", *flags, manifests=[{"helm": helm}], state=state, wait_timeout=180
        )

    return run_task


@pytest.fixture
def read(client, run):
    """Read an object of the namespace, or None."""

    def get(path, name):
        root, _, plural = path.rpartition("/")
        return client.get_or_none(f"{root}/namespaces/{run.namespace}/{plural}/{name}")

    return get


def events(result):
    return [(one["event"], one["name"]) for one in result.get("hooks", [])]


def test_a_chart_is_deployed_upgraded_and_removed(deploy, read, client):
    predicted = good(deploy("--check"))
    assert predicted["changed"] and not read("/api/v1/secrets", "release.web")
    first = good(deploy(tests=True))
    assert first["release"]["operation"] == "install"
    assert events(first) == [
        ("pre-install", f"{WEB}-settings"), ("pre-install", f"{WEB}-migration"),
        ("post-install", f"{WEB}-announced"), ("test", f"{WEB}-test"),
    ]  # fmt: skip
    assert {entry["name"] for entry in first["apps"]} >= {WEB, "web-cache"}
    password = read("/api/v1/secrets", WEB)["data"]["password"]
    config = read("/api/v1/configmaps", WEB)["data"]
    assert config["kubernetes"] == client.get("/version")["gitVersion"]
    assert not read("/apis/batch/v1/jobs", f"{WEB}-migration"), "its policy deletes it"
    again = good(deploy())
    assert not again["changed"], again
    upgraded = good(
        deploy(values={"greeting": "welcome", "cache": {"enabled": False}, "coupons": {"ten": 10}})
    )
    assert upgraded["release"]["operation"] == "upgrade"
    assert {one["name"] for one in upgraded["objects"] if one["action"] == "pruned"} == {
        "web-cache"
    }
    assert read("/apis/shop.example.com/v1/coupons", "ten")["spec"] == {"percent": 10}
    assert read("/api/v1/secrets", WEB)["data"]["password"] == password
    secret = base64.b64decode(password).decode()
    removed = good(deploy("-vvvv", state="absent"))
    assert events(removed) == [("pre-delete", f"{WEB}-farewell")]
    assert not read("/apis/apps/v1/deployments", WEB) and not read("/api/v1/secrets", "release.web")
    assert client.get_or_none(
        "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/coupons.shop.example.com"
    )
    assert not good(deploy(state="absent"))["changed"]
    assert secret not in str([first, again, upgraded, removed])


def test_a_failed_hook_is_explained_and_nothing_follows(deploy, read):
    failed = deploy(values={"migration": {"fails": True}})
    assert failed["failed"] and failed["msg"].startswith("hook pre-install: ")
    assert f"{WEB}-migration" in failed["msg"] and not read("/apis/apps/v1/deployments", WEB)
    assert good(deploy())["release"]["operation"] == "install"


def test_a_release_of_the_real_helm_is_taken_over(deploy, read, tools, kubeconfig, run):
    values = ["--set", "auth.password=correct-horse"]
    connection = ["--kubeconfig", str(kubeconfig), "--namespace", run.namespace]
    helm = [tools("helm").path]
    chart = str(FIXTURES / "charts/shop")
    subprocess.run([*helm, "install", "web", chart, "--wait", *values, *connection], check=True)
    before = read("/apis/apps/v1/deployments", WEB)
    given = {"auth": {"password": "correct-horse"}}
    refused = deploy(values=given)
    assert refused["failed"] and "helm_adopt: true" in refused["msg"]
    predicted = good(deploy("--check", values=given, helm_adopt=True))
    assert predicted["release"]["operation"] == "adopt"
    adopted = good(deploy(values=given, helm_adopt=True))
    assert adopted["release"]["operation"] == "adopt" and not events(adopted)
    after = read("/apis/apps/v1/deployments", WEB)
    assert after["metadata"]["uid"] == before["metadata"]["uid"]
    # the annotations of helm go, which gives a Deployment another generation
    assert after["spec"] == before["spec"], "no pod restarts"
    owners = {
        entry["manager"]
        for entry in after["metadata"]["managedFields"]
        if not entry.get("subresource")
    }
    assert "helm" not in owners and "slipway" in owners
    assert not good(deploy(values=given, helm_adopt=True))["changed"]
    listed = subprocess.run(
        [*helm, "list", "--all", "--short", *connection], capture_output=True, text=True, check=True
    )
    assert listed.stdout.strip() == ""
    good(deploy(values=given, state="absent"))
    assert not read("/api/v1/secrets", "sh.helm.release.v1.web.v1")


def test_a_kustomization_is_built_and_applied(book, read, tmp_path):
    shutil.copytree(FIXTURES / "kustomization", tmp_path / "manifests")
    done = good(book.run("workload", manifests=[{"kustomize": "production"}], wait="applied"))
    [settings] = [one["name"] for one in done["objects"] if one["kind"] == "ConfigMap"]
    assert settings.startswith("production-settings-")
    assert read("/api/v1/configmaps", settings)["data"] == {"greeting": "welcome"}
    assert read("/api/v1/services", "production-web")
    assert not good(book.run("workload", manifests=[{"kustomize": "production"}], wait="applied"))[
        "changed"
    ]


def test_a_chart_of_a_repository_is_fetched(book, deploy, tools, tmp_path):
    archive = Path(tmp_path / "files/shop-1.2.0.tgz")
    repository = tmp_path / "repository"
    repository.mkdir()
    shutil.copy(archive, repository)
    subprocess.run([tools("helm").path, "repo", "index", str(repository)], check=True)
    with LoopbackServer(partial(SimpleHTTPRequestHandler, directory=str(repository))) as server:
        remote = {"chart": "shop", "repo": server.url}
        done = good(deploy(version="1.2.0", values={"migration": {"enabled": False}}, **remote))
        missing = deploy(version="9.9.9", **remote)
    assert done["release"]["version"] == "1.2.0"
    assert missing["failed"] and "helm pull" in missing["msg"]
