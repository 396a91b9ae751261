"""One real API server for all tests of this directory, for each version of Kubernetes that is present."""

from __future__ import annotations

import itertools
import time

import pytest

from support.module_runner import run_module
from support.real_api_server import RealApiServer
from support.real_pods import RealPods
from support.real_programs import find_programs

PROGRAMS, MISSING = find_programs()
SETTLE_SECONDS = 60
NUMBERS = itertools.count(1)


@pytest.fixture(
    scope="session",
    params=PROGRAMS or [pytest.param(None, marks=pytest.mark.skip(reason=MISSING))],
    ids=lambda programs: programs.name if programs else "none",
)
def server(request, tmp_path_factory):
    """A real API server with controllers and one node."""
    with (
        RealApiServer(request.param, tmp_path_factory.mktemp("server")) as real,
        RealPods(real) as real.pods,
    ):
        yield real


class Namespace:
    """A namespace of one test, and modules that run in it as administrator."""

    def __init__(self, server):
        self.server = server
        self.name = f"test-{next(NUMBERS)}"
        self.core = f"/api/v1/namespaces/{self.name}"
        self.apps = f"/apis/apps/v1/namespaces/{self.name}"
        server.must("POST", "/api/v1/namespaces", {"metadata": {"name": self.name}})
        self.admin = {
            "host": server.url,
            "ca_cert": str(server.ca),
            "client_cert": str(server.admin),
            "client_key": str(server.admin.with_suffix(".key")),
        }

    def run(self, module: str, **options) -> dict:
        """Run a module as administrator; other authentication options replace its credentials."""
        return run_module(module, **{**self.admin, "namespace": self.name, **options})

    def eventually(self, is_true) -> None:
        """Wait until a controller of the server has done something."""
        end = time.monotonic() + SETTLE_SECONDS
        while not is_true():
            assert time.monotonic() < end, "the controllers of the server did not do it"
            time.sleep(0.1)

    def declare(self, **options) -> dict:
        """Run the module `workload`, which must not fail."""
        result = self.run("workload", **{"wait_timeout": 30, **options})
        assert not result.get("failed"), result["msg"]
        return result


@pytest.fixture
def new_space(server):
    """Makes empty namespaces."""
    made = []

    def make() -> Namespace:
        made.append(Namespace(server))
        return made[-1]

    yield make
    for one in made:
        server.request("DELETE", f"/api/v1/namespaces/{one.name}")


@pytest.fixture
def space(new_space):
    """An empty namespace."""
    return new_space()


@pytest.fixture
def group(server, space):
    """An API group that no other test uses; the definitions of its kinds go afterwards."""
    name = f"{space.name}.example.com"
    yield name
    collection = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
    for one in server.must("GET", collection)["items"]:
        if one["spec"]["group"] == name:
            server.must("DELETE", f"{collection}/{one['metadata']['name']}")
