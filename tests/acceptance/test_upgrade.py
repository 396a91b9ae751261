"""An upgrade under load: what runs on a lab of an earlier version survives ``git pull && ./slipway up``."""

import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from support.lab import INVENTORIES, LAB, ROOT, Slipway
from support.load import Load
from support.shop import shop

pytestmark = pytest.mark.long

EARLIER = "v1.35.0"
RELEASE = "d6ab72f"  # v0.1.0, by its commit because a clone may lack the tag
CURRENT = yaml.safe_load((ROOT / "upstream/versions.yml").read_text())["slipway_versions"][
    "kubernetes"
]
# The first of the published ports of lessons, which follow that of the tutorial's app.
APP_PORT, NODE_PORT = 30080, 30081


class EarlierSlipway(Slipway):
    """The command of another checkout, on the lab of the tests."""

    def __init__(self, root: Path):
        self.root = root
        paths = [str(root / path.relative_to(ROOT)) for path in INVENTORIES]
        self.environment = {**Slipway.environment, "ANSIBLE_INVENTORY": ",".join(paths)}


@pytest.fixture
def release(tmp_path):
    """A checkout of the last release."""
    root = tmp_path / "release"
    subprocess.run(["git", "clone", "-q", "--no-checkout", str(ROOT), str(root)], check=True)
    subprocess.run(["git", "-C", str(root), "checkout", "-q", RELEASE], check=True)
    return EarlierSlipway(root)


@pytest.fixture
def earlier(tmp_path):
    """A copy of the project that gives the same Kubernetes an earlier version number.

    The linker writes the number, so the test needs no other sources and little time.
    """
    root = tmp_path / "slipway"
    shutil.copytree(ROOT, root, symlinks=True, ignore=shutil.ignore_patterns(".git", "__pycache__"))
    versions = root / "upstream/versions.yml"
    versions.write_text(
        versions.read_text().replace(f"kubernetes: {CURRENT}", f"kubernetes: {EARLIER}")
    )
    return EarlierSlipway(root)


def nodes() -> str:
    """Return the containers of the nodes."""
    done = subprocess.run(
        ["docker", "exec", f"slipway-{LAB}-lab1", "docker", "ps", "--quiet", "--no-trunc"],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def deploy_shop(slipway: EarlierSlipway, made: str) -> None:
    """Deploy an application that answers every request during an upgrade, and data."""
    applied = subprocess.run(
        [str(slipway.root / "slipway"), "kubectl", "apply", "-f", "-"],
        input=shop(NODE_PORT, made),
        env=slipway.environment,
        text=True,
        check=False,
    )
    assert applied.returncode == 0
    kubectl = ("kubectl", "wait", "--for=condition=Available", "deployment/shop", "--timeout=60s")
    assert slipway.run(*kubectl).returncode == 0


def upgrade_under_load(slipway: Slipway, url: str, made: str) -> dict:
    """Run ``up`` while the application answers; return its document."""
    containers = nodes()
    with Load(url.replace(str(APP_PORT), str(NODE_PORT))) as load:
        after = slipway.json("up")
    assert {node["version"] for node in after["nodes"]} == {CURRENT}
    assert all(node["ready"] and node["schedulable"] for node in after["nodes"])
    assert nodes() == containers
    assert load.requests > 100
    assert load.failures == []
    kept = slipway.run("kubectl", "get", "configmap", "precious", "-o", "jsonpath={.data.made}")
    assert kept.stdout == f"with {made}"
    assert slipway.json("up")["changed"] == 0
    return after


def test_workloads_survive_an_upgrade(slipway, earlier):
    slipway.json("down")
    before = earlier.json("up")
    assert {node["version"] for node in before["nodes"]} == {EARLIER}
    deploy_shop(earlier, EARLIER)
    upgrade_under_load(slipway, before["app"]["url"], EARLIER)


def test_workloads_survive_from_the_last_release(slipway, release):
    """The release has the same Kubernetes, another node image and other files on the host."""
    slipway.json("down")
    before = release.json("up")
    deploy_shop(release, RELEASE)
    upgrade_under_load(slipway, before["app"]["url"], RELEASE)
