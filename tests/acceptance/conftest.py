"""A lab of its own for the acceptance tests."""

import os
import uuid

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.client import KubeClient
from support.cluster import LAB
from support.kubeadm_lab import KubeadmLab
from support.lab import Slipway
from support.module_runner import run_module


def pytest_collection_modifyitems(items):
    """Run the tests that remove the lab last, because a lab takes minutes."""
    items.sort(key=lambda item: item.get_closest_marker("removes_lab") is not None)


@pytest.fixture(scope="session")
def slipway():
    """The command; whatever a test does, no lab is left behind."""
    command = Slipway()
    yield command
    assert command.run("down").returncode == 0


@pytest.fixture(scope="session")
def lab(slipway):
    """A new lab: the document of ``up --json``."""
    slipway.json("down")
    return slipway.json("up")


@pytest.fixture(scope="session")
def kubeconfig(request):
    """The lab's kubeconfig; ``SLIPWAY_KUBECONFIG`` names another cluster."""
    return os.environ.get("SLIPWAY_KUBECONFIG") or request.getfixturevalue("lab")["kubeconfig"]


@pytest.fixture(scope="module")
def client(kubeconfig):
    """Plain requests to the cluster. Some modules rebuild the lab, which gives it other certificates."""
    with_client = KubeClient({"kubeconfig": kubeconfig})
    yield with_client
    with_client.close()


@pytest.fixture
def run(kubeconfig, client):
    """Run a module in a namespace of the test's own, which goes whatever happens."""
    namespace = f"slipway-test-{uuid.uuid4().hex[:8]}"
    client.post("/api/v1/namespaces", {"metadata": {"name": namespace}})

    def runner(module, /, **options):
        return run_module(module, **{"kubeconfig": kubeconfig, "namespace": namespace, **options})

    runner.namespace = namespace
    yield runner
    client.delete(f"/api/v1/namespaces/{namespace}")


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """No cluster of kubeadm yet; whatever a test declares there, no host of it is left behind."""
    with KubeadmLab(LAB, tmp_path_factory.mktemp("cluster") / "inventory") as cluster:
        yield cluster
