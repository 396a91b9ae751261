"""Tests of ``kube.ops.create``."""

from __future__ import annotations

import re

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube import retry
from ansible_collections.slipway.lab.plugins.module_utils.kube.client import KubeClient
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.ops.create import (
    create_object,
    with_name,
)
from support.kube_fake import Refused

COLLECTION = "/apis/batch/v1/namespaces/default/jobs"


@pytest.fixture(autouse=True)
def hurry(monkeypatch):
    monkeypatch.setattr(retry, "INITIAL_BACKOFF", 0.005)


def job(**metadata):
    metadata = {"namespace": "default", **(metadata or {"generateName": "import-"})}
    return {"apiVersion": "batch/v1", "kind": "Job", "metadata": metadata, "spec": {}}


@pytest.fixture
def create(api):
    def create(obj, dry_run=False):
        client = KubeClient({"host": api.url}, patience=1)
        try:
            return create_object(client, COLLECTION, obj, dry_run)
        finally:
            client.close()

    return create


def jobs(api):
    return [name for plural, _, name in api.objects if plural == "jobs"]


def fail_posts(where, error, times=1):
    left = [error] * times

    def fail(method, path):
        if method == "POST" and left:
            raise left.pop()

    where.append(fail)


def test_names_are_made_as_the_server_makes_them():
    names = {with_name(job())["metadata"]["name"] for _ in range(20)}
    assert len(names) == 20 and all(re.fullmatch("import-[a-z0-9]{5}", name) for name in names)
    long = with_name(job(generateName="x" * 80))["metadata"]
    assert len(long["name"]) == 63 and "generateName" not in long
    assert with_name(job(name="one"))["metadata"]["name"] == "one"


def test_each_run_creates_another_object(api, create):
    made = [create(job())["metadata"]["name"] for _ in range(2)]
    assert sorted(jobs(api)) == sorted(made)


def test_a_dry_run_creates_nothing(api, create):
    assert create(job(), dry_run=True)["metadata"]["name"].startswith("import-")
    assert jobs(api) == []


@pytest.mark.parametrize("metadata", [{"generateName": "import-"}, {"name": "import-1"}])
@pytest.mark.parametrize(
    "error", [ConnectionAbortedError(), Refused(504, "Timeout", "late"), Refused(500, "E", "bad")]
)
def test_a_lost_answer_creates_one_object(api, create, metadata, error):
    fail_posts(api.losses, error)
    made = create(job(**metadata))
    assert jobs(api) == [made["metadata"]["name"]]


@pytest.mark.parametrize(
    "error",
    [ConnectionAbortedError(), Refused(503, "Unavailable", "busy"), Refused(429, "T", "slow")],
)
def test_a_request_that_did_not_arrive_is_sent_again(api, create, error):
    fail_posts(api.faults, error, times=2)
    assert jobs(api) == [] and create(job())
    assert len(jobs(api)) == 1


def test_a_request_that_arrives_late_is_not_repeated(api, create):
    """The first request is lost on its way, and arrives just before the second."""

    def arrive_late(method, path):
        posts = [one for one in api.log if one[0] == "POST"]
        if method == "POST" and len(posts) == 1:
            raise ConnectionAbortedError
        if method == "POST" and len(posts) == 2:
            api.create("jobs", "default", job(name="import-1"), {"fieldManager": "slipway-create"})

    api.faults.append(arrive_late)
    assert (
        create(job(name="import-1"))["metadata"]["uid"]
        == api.get("jobs", "import-1")["metadata"]["uid"]
    )


def test_an_object_that_exists_is_an_error(api, create):
    api.create("jobs", "default", job(name="one"), {"fieldManager": "slipway-create"})
    with pytest.raises(KubeError, match="Job default/one exists already; nothing was created"):
        create(job(name="one"))


def test_an_object_of_another_client_is_not_taken_for_ours(api, create):
    def race(method, path):
        if method == "POST":
            api.faults.clear()
            api.put("jobs", job(name="one"))
            raise ConnectionAbortedError

    api.faults.append(race)
    with pytest.raises(KubeError, match="exists already"):
        create(job(name="one"))


def test_a_refusal_is_explained(api, create):
    fail_posts(api.faults, Refused(404, "NotFound", 'namespaces "default" not found'))
    with pytest.raises(KubeError, match="namespace default does not exist"):
        create(job())


def test_a_server_that_always_fails_is_an_error(api, create):
    fail_posts(api.faults, Refused(503, "Unavailable", "busy"), times=99)
    with pytest.raises(KubeError, match="busy"):
        create(job())
    assert jobs(api) == []
