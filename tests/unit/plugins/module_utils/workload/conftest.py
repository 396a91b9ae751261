"""An API server in this process, and the connection of a task to it."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.reader import read_live
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ref_of
from ansible_collections.slipway.lab.plugins.module_utils.workload.cluster import Cluster
from ansible_collections.slipway.lab.plugins.module_utils.workload.context import ApplyContext
from ansible_collections.slipway.lab.plugins.module_utils.workload.declaration import Declaration
from ansible_collections.slipway.lab.plugins.module_utils.workload.result import TaskResult
from support.kube_fake import FakeApi, instant_rollout

PARAMS = {
    "state": "present",
    "wait": "rolled_out",
    "wait_timeout": 10,
    "remove_data": False,
    "on_failure": "keep",
    "create_namespace": False,
    "adopt": True,
    "prune": False,
    "validate": "strict",
    "force": False,
    "recreate": False,
    "field_manager": "slipway",
}


@pytest.fixture
def api():
    with FakeApi() as fake:
        fake.reactions.append(instant_rollout)
        yield fake


@pytest.fixture
def params(api):
    """The parameters of a module, without a declaration."""
    return {"host": api.url, **PARAMS}


@pytest.fixture
def cluster(params):
    connection = Cluster.connect(params, "test")
    yield connection
    connection.client.close()


@pytest.fixture
def context_of(params):
    """Return a function that connects a run of the workload module."""

    def connect(check: bool = False, **options) -> ApplyContext:
        given = {**params, **options}
        declaration = Declaration.from_params(given)
        return ApplyContext.connect(given, declaration, TaskResult(), check)

    return connect


@pytest.fixture
def apply(context_of):
    """Return a function that applies an application, and returns the context of the run."""

    def run(check: bool = False, **options) -> ApplyContext:
        context = context_of(check, **{"name": "web", "image": "web:1", **options})
        client, discovery = context.cluster.client, context.cluster.discovery
        objects = context.declaration.placed(discovery)
        live = read_live(client, discovery, [ref_of(obj) for obj in objects])
        context.result.collect(lambda: context.applier.apply(objects, live))
        return context

    return run


@pytest.fixture
def module_of(params):
    """Return a function that makes a module with these parameters."""

    def module(check_mode: bool = False, **options) -> SimpleNamespace:
        return SimpleNamespace(
            params={**params, "namespace": "default", **options},
            check_mode=check_mode,
            _diff=False,
            no_log_values=set(),
            debug=lambda text: None,
        )

    return module
