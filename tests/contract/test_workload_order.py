"""The order inside a task: what comes later is applied when the earlier has reached the goal."""

from __future__ import annotations

import threading

import pytest

from support.kube_fake import Refused, broken_pod
from support.module_runner import run_module

MIGRATION = {"name": "migrate", "kind": "Job", "image": "tool:1", "after": ["db"]}
DATABASE = {"name": "db", "image": "db:1"}
WEB = {"name": "web", "image": "web:1", "ports": ["80:8080"], "after": ["migrate"]}
APPS = [WEB, MIGRATION, DATABASE]
SECONDS = 0.3


def ends(kind: str, reason: str = ""):
    """Return a controller whose Jobs end after a short time with this condition."""

    def reaction(api, event, obj):
        if event == "DELETED" or obj.get("kind") != "Job" or obj.get("status"):
            return
        condition = {"type": kind, "status": "True", "reason": reason, "message": reason}
        status = {"conditions": [condition]}
        name = obj["metadata"]["name"]
        end = threading.Timer(
            SECONDS, lambda: api.update("jobs", name, lambda job: job.update(status=status))
        )
        end.start()

    return reaction


@pytest.fixture
def api(api):
    api.answers["/api/v1/namespaces/default/services/web%3Atcp-80/proxy/"] = lambda: (200, b"hi")
    return api


def workload(api, **options):
    return run_module("workload", host=api.url, **{"wait_timeout": 10, "apps": APPS, **options})


def applied(api) -> list[str]:
    paths = [path.split("?")[0] for method, path in api.writes if method == "PATCH"]
    return ["/".join(path.split("/")[-2:]) for path in paths]


def test_a_job_and_a_database_come_before_the_application(api):
    api.reactions.append(ends("Complete"))
    states = []

    def look(method, path):
        if method == "PATCH" and "/services/web" in path:
            states.append(api.get("jobs", "migrate")["status"]["conditions"][0]["type"])

    api.faults.append(look)
    result = workload(api)
    assert applied(api) == ["deployments/db", "jobs/migrate", "services/web", "deployments/web"]
    assert states == ["Complete"]
    assert result["stages"] == [
        ["Deployment default/db"],
        ["Job default/migrate"],
        ["Service default/web", "Deployment default/web"],
    ]
    assert [app["name"] for app in result["apps"]] == ["db", "migrate", "web"]
    assert result["apps"][2]["answers"] and result["waited"]["seconds"] >= SECONDS


def test_a_complete_job_holds_nothing_up(api):
    api.reactions.append(ends("Complete"))
    workload(api)
    written = len(api.writes)
    again = workload(api)
    assert not again["changed"] and len(api.writes) == written
    assert again["waited"]["seconds"] < SECONDS + 1


@pytest.mark.parametrize("choice", ["keep", "rollback", "delete"])
def test_a_failed_job_stops_the_task_before_the_application(api, choice):
    api.reactions.append(ends("Complete"))
    workload(api)
    uid = api.get("jobs", "migrate")["metadata"]["uid"]
    api.reactions[-1] = ends("Failed", "BackoffLimitExceeded")
    api.remove("jobs", "migrate")
    written = len(api.writes)
    update = [{**WEB, "image": "web:2"}, MIGRATION, {**DATABASE, "image": "db:2"}]
    result = workload(api, apps=update, on_failure=choice, wait_timeout=30)
    assert result["failed"] and "BackoffLimitExceeded" in result["msg"]
    assert "not applied, because they come later: Service default/web" in result["msg"]
    assert result["not_applied"] == ["Service default/web", "Deployment default/web"]
    assert not [path for _, path in api.writes[written:] if path.split("?")[0].endswith("/web")]
    image = api.get("deployments", "db")["spec"]["template"]["spec"]["containers"][0]["image"]
    assert image == ("db:1" if choice == "rollback" else "db:2")
    job = api.get("jobs", "migrate")
    assert (job is None) == (choice != "keep") and (not job or job["metadata"]["uid"] != uid)


def test_a_later_stage_that_fails_rolls_all_stages_back(api):
    api.reactions.append(ends("Complete"))
    workload(api)
    api.broken.add("web:2")
    state = {"state": {"waiting": {"reason": "ErrImagePull", "message": "web:2: not found"}}}
    api.reactions.append(broken_pod(state, "Failed", event="Failed to pull image"))
    update = [{**WEB, "image": "web:2"}, MIGRATION, {**DATABASE, "image": "db:2"}]
    result = workload(api, apps=update, on_failure="rollback", wait_timeout=30)
    assert result["failed"] and "not_applied" not in result
    for name in ("db", "web"):
        template = api.get("deployments", name)["spec"]["template"]
        assert template["spec"]["containers"][0]["image"] == f"{name}:1"


def test_a_rollback_does_not_run_a_former_migration_again(api):
    api.reactions.append(ends("Complete"))
    workload(api)

    def immutable(method, path):
        job = api.get("jobs", "migrate")
        if method == "PATCH" and "/jobs/migrate" in path and job and job.get("status"):
            raise Refused(422, "Invalid", "spec.template: field is immutable")

    api.faults.append(immutable)
    api.reactions[-1] = ends("Failed", "BackoffLimitExceeded")
    update = [WEB, {**MIGRATION, "image": "tool:2"}, {**DATABASE, "image": "db:2"}]
    result = workload(api, apps=update, on_failure="rollback", recreate=True, wait_timeout=30)
    assert result["failed"] and result["rollback"]["done"]
    notes = {note["name"]: note["restored"] for note in result["rollback"]["objects"]}
    assert notes["db"] == "as before the task" and "would run again" in notes["migrate"]
    assert api.get("jobs", "migrate") is None


@pytest.mark.parametrize("goal", ["none", "applied"])
def test_a_task_that_does_not_wait_still_keeps_the_order(api, goal):
    api.reactions[:] = [ends("Complete")]
    result = workload(api, apps=[WEB, {**MIGRATION, "after": None}], wait=goal)
    assert result["changed"] and applied(api)[0] == "jobs/migrate"
    assert [app["name"] for app in result["apps"]] == ["migrate"]


@pytest.mark.slow
def test_one_deadline_covers_all_stages(api):
    api.reactions.append(ends("Complete"))
    api.broken.add("web:1")
    result = workload(api, wait_timeout=2)
    assert result["failed"] and "not ready after 2 s" in result["msg"]
    assert result["waited"]["seconds"] < 4


def test_check_mode_predicts_every_stage(api):
    predicted = workload(api, check=True, diff=True)
    assert predicted["counts"] == {"created": 4} and not api.writes
    assert "waited" not in predicted


def test_manifests_are_ordered_by_their_annotation(api):
    api.reactions.append(ends("Complete"))

    def manifest(name, stage):
        annotations = {"annotations": {"slipway/stage": stage}} if stage else {}
        return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, **annotations}}

    manifests = [manifest("last", "5"), manifest("plain", ""), manifest("first", "-1")]
    workload(api, manifests=manifests)
    assert applied(api) == [
        "configmaps/first",
        "configmaps/plain",
        "deployments/db",
        "jobs/migrate",
        "services/web",
        "deployments/web",
        "configmaps/last",
    ]


def test_mistakes_in_the_order_are_reported_before_a_request(api):
    apps = [{**WEB, "after": ["missing"]}, MIGRATION, {**DATABASE, "after": ["migrate"]}]
    result = workload(api, apps=apps)
    assert result["failed"] and api.log == []
    assert "apps[0].after: 'missing' is not an application of this task" in result["msg"]
    assert "these applications wait for each other" in result["msg"]
