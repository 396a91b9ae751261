"""Tests of ``workload.tasks.create``."""

from __future__ import annotations

import json

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.workload.tasks.create import create
from support.objects import claim_of

OPTIONS = {
    "definition": None, "from_cron_job": None, "name": None, "wait": False, "log_lines": 20, "wait_for": None,
    "wait_timeout": 5,
}  # fmt: skip
JOB = {
    "apiVersion": "batch/v1",
    "kind": "Job",
    "metadata": {"generateName": "import-"},
    "spec": {"template": {"spec": {"containers": [{"name": "import"}]}}},
}


@pytest.fixture
def run(api, module_of):
    def run(check=False, diff=False, **options):
        module = module_of(check, **{**OPTIONS, **options})
        module._diff = diff
        return create(module)

    return run


def end_jobs(api, condition):
    """A controller that ends each Job immediately, with one pod."""

    def react(_, kind, obj):
        if (
            obj.get("kind") != "Job"
            or (obj.get("status") or {}).get("conditions")
            or kind == "DELETED"
        ):
            return
        name = obj["metadata"]["name"]
        labels = {"job-name": name}
        metadata = {"name": f"{name}-p", "namespace": "default", "labels": labels}
        api.put("pods", {
            "apiVersion": "v1", "kind": "Pod", "metadata": metadata,
            "spec": {"containers": [{"name": "import"}]}, "status": {"phase": "Succeeded"},
        })  # fmt: skip
        api.answers[f"/api/v1/namespaces/default/pods/{name}-p/log"] = lambda: (200, b"one\ntwo\n")
        api.update("jobs", name, lambda o: (
            o["spec"].update(selector={"matchLabels": labels}),
            o.update(status={"conditions": [{"type": condition, "status": "True", "reason": "Why"}]}),
        ))  # fmt: skip

    api.reactions.append(react)


def test_each_run_creates_an_object(api, run):
    names = {run(definition=JOB)["name"] for _ in range(2)}
    assert len(names) == 2 and all(api.get("jobs", name) for name in names)
    result = run(definition=JOB, diff=True)
    assert result["changed"] and result["uid"] and result["kind"] == "Job"
    assert list(result["diff"]["after"]) == [f"Job default/{result['name']}"]


def test_check_mode_asks_the_server_and_creates_nothing(api, run):
    assert run(check=True, definition=JOB, wait=True)["changed"]
    assert not api.writes and "dryRun=All" in api.log[-1][1]


def test_a_job_is_waited_for_and_its_log_returned(api, run):
    end_jobs(api, "Complete")
    result = run(definition=JOB, wait=True)
    assert result["state"] == "complete"
    assert [entry["lines"] for entry in result["logs"]] == [["one", "two"]]
    assert "logs" not in run(definition=JOB, wait=True, log_lines=0)


def test_a_job_that_fails_is_an_error_with_the_object(api, run):
    end_jobs(api, "Failed")
    with pytest.raises(KubeError) as caught:
        run(definition=JOB, wait=True)
    result = caught.value.result
    assert result["changed"] and result["failures"] and api.get("jobs", result["name"])


def test_conditions_are_waited_for(api, run):
    end_jobs(api, "Complete")
    (met,) = run(definition=JOB, wait_for=[{"condition": "Complete"}])["waited_for"]
    assert met["met"]


def test_a_job_is_made_from_a_cron_job(api, run):
    template = {"metadata": {"labels": {"a": "b"}}, "spec": {"template": {}}}
    metadata = {"name": "backup", "namespace": "default"}
    cron_job = api.put("cronjobs", {"metadata": metadata, "spec": {"jobTemplate": template}})
    result = run(from_cron_job="backup")
    assert result["name"].startswith("backup-") and len(result["name"]) == len("backup-12345")
    (owner,) = api.get("jobs", result["name"])["metadata"]["ownerReferences"]
    assert owner["uid"] == cron_job["metadata"]["uid"]
    assert run(from_cron_job="backup", name="now")["name"] == "now"


def test_content_of_secrets_is_hidden(api, module_of):
    definition = {
        "apiVersion": "v1", "kind": "Secret", "metadata": {"generateName": "s-"}, "data": {"key": "Y2FuYXJ5"},
    }  # fmt: skip
    module = module_of(**{**OPTIONS, "definition": definition})
    module._diff = True
    result = create(module)
    assert api.get("secrets", result["name"])["data"] == {"key": "Y2FuYXJ5"}
    assert "Y2FuYXJ5" not in json.dumps([result, module.params])


def test_mistakes_are_reported_before_a_request(api, run):
    with pytest.raises(KubeError, match="needs exactly one of condition"):
        run(definition=JOB, wait_for=[{}])
    with pytest.raises(KubeError, match="definition.metadata: needs either name or generateName"):
        run(definition={**JOB, "metadata": {}})
    assert api.log == []


def test_a_claim_that_waits_for_a_pod_is_not_waited_for(api, run):
    mode = {"volumeBindingMode": "WaitForFirstConsumer"}
    api.put("storageclasses", {"metadata": {"name": "fast"}, **mode})
    api.reactions.clear()
    result = run(definition=claim_of("db", "data"), wait=True)
    assert result["changed"] and "state" not in result
    assert api.get("persistentvolumeclaims", "data")
