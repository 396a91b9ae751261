from datetime import UTC, datetime

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import (
    ObjectRef,
    as_text,
    condition_is_true,
    first_of,
    is_observed,
    is_outdated,
    is_ready,
    is_working,
    matches,
    overlaid,
    ref_of,
    seconds_since,
    template_of,
    without_job_labels,
    without_server_fields,
)


def test_ref_names_the_object():
    obj = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"}}
    assert ref_of(obj) == ObjectRef("apps/v1", "Deployment", "", "web")
    assert str(ref_of(obj)) == "Deployment web"
    assert str(ObjectRef("v1", "Pod", "lab", "web")) == "Pod lab/web"


@pytest.mark.parametrize(
    ("selector", "selected"),
    [
        (None, False),
        ({}, False),
        ({"matchLabels": {"app": "web"}}, True),
        ({"matchLabels": {"app": "db"}}, False),
        ({"matchExpressions": [{"key": "app", "operator": "In", "values": ["web"]}]}, True),
        ({"matchExpressions": [{"key": "app", "operator": "NotIn", "values": ["web"]}]}, False),
        ({"matchExpressions": [{"key": "app", "operator": "Exists"}]}, True),
        ({"matchExpressions": [{"key": "tier", "operator": "DoesNotExist"}]}, True),
        ({"matchExpressions": [{"key": "app", "operator": "DoesNotExist"}]}, False),
    ],
)
def test_selector_matches_labels(selector, selected):
    assert matches(selector, {"app": "web"}) is selected


def test_server_fields_and_secrets_are_hidden():
    secret = {
        "kind": "Secret",
        "metadata": {"name": "s", "uid": "1", "managedFields": []},
        "data": {"password": "cGFzcw=="},
        "status": {},
    }
    assert without_server_fields(secret) == {
        "kind": "Secret",
        "metadata": {"name": "s"},
        "data": {"password": "(hidden)"},
    }
    assert secret["data"] == {"password": "cGFzcw=="}
    assert without_server_fields(None) == {}


def test_booleans_are_lower_case_text():
    assert [as_text(value) for value in (True, 1, "X", None)] == ["true", "1", "X", ""]


def test_conditions():
    node = {"status": {"conditions": [{"type": "Ready", "status": "True"}]}}
    assert is_ready(node)
    assert not is_ready({"status": {"conditions": [{"type": "Ready", "status": "Unknown"}]}})
    assert not is_ready({})
    assert not condition_is_true(node, "Established")


@pytest.mark.parametrize(
    ("observed", "expected"),
    [
        (2, True),
        (3, True),
        (1, False),
        (None, False),
        ("2", True),
        ("1", False),
        ("x", False),
        ([], False),
    ],
)
def test_status_belongs_to_the_observed_generation(observed, expected):
    status = {} if observed is None else {"observedGeneration": observed}
    assert is_observed({"metadata": {"generation": 2}, "status": status}) is expected


@pytest.mark.parametrize(
    ("observed", "expected"), [(1, True), ("1", True), (2, False), ("x", False), (None, False)]
)
def test_a_status_or_condition_is_about_an_earlier_declaration(observed, expected):
    told = {"observedGeneration": observed}
    obj = {"metadata": {"generation": 2}, "status": told}
    assert is_outdated(obj) is expected
    assert is_outdated({**obj, "status": {}}, told) is expected
    assert not is_outdated(obj, {})


@pytest.mark.parametrize(
    "timestamp",
    ["2026-01-01T00:00:00Z", "2026-01-01T00:00:00.123456789Z", "2026-01-01T00:00:00.1Z"],
)
def test_age_of_timestamps(timestamp):
    now = datetime(2026, 1, 1, 0, 1, tzinfo=UTC)
    assert seconds_since(timestamp, now) == pytest.approx(60, abs=0.2)


def test_missing_timestamp_has_no_age():
    assert seconds_since(None) == 0.0


def test_template_of_a_cron_job():
    template = {"spec": {}}
    assert template_of({"spec": {"template": template}}) is template
    cron_job = {"spec": {"jobTemplate": {"spec": {"template": template}}}}
    assert template_of(cron_job) is template


@pytest.mark.parametrize(
    ("things", "text"),
    [([], ""), (["a"], "a"), ([1, 2], "1, 2"), (["a", "b", "c", "d"], "a, b and 2 more")],
)
def test_the_first_things_are_listed_and_the_others_counted(things, text):
    assert first_of(things, 2) == text


def test_a_declaration_is_laid_over_an_object():
    live = {"metadata": {"uid": "1", "labels": {"a": "1"}}, "spec": {"list": [1, 2], "n": 1}}
    declared = {"metadata": {"labels": {"b": "2"}}, "spec": {"list": [3]}}
    assert overlaid(live, declared) == {
        "metadata": {"uid": "1", "labels": {"a": "1", "b": "2"}},
        "spec": {"list": [3], "n": 1},
    }


def test_a_ready_pod_that_is_being_deleted_does_not_work():
    pod = {"metadata": {}, "status": {"conditions": [{"type": "Ready", "status": "True"}]}}
    assert is_working(pod)
    assert not is_working({**pod, "metadata": {"deletionTimestamp": "2026-01-01T00:00:00Z"}})
    assert not is_working({**pod, "status": {}})


JOB_LABELS = {"app": "x", "job-name": "j", "batch.kubernetes.io/controller-uid": "u"}
JOB_SELECTOR = {"matchLabels": {"batch.kubernetes.io/controller-uid": "u"}}
JOB = {
    "kind": "Job",
    "metadata": {"name": "j", "labels": JOB_LABELS},
    "spec": {
        "selector": JOB_SELECTOR,
        "template": {"metadata": {"labels": JOB_LABELS}, "spec": {}},
    },
}


def test_labels_and_selector_of_one_object_go():
    made = without_job_labels(JOB)
    assert made["metadata"] == {"name": "j", "labels": {"app": "x"}}
    assert made["spec"] == {"template": {"metadata": {"labels": {"app": "x"}}, "spec": {}}}
    assert JOB["metadata"]["labels"] == JOB_LABELS


@pytest.mark.parametrize(
    "spec",
    [
        None,
        {**JOB["spec"], "manualSelector": True},
        {**JOB["spec"], "selector": {"matchLabels": {"app": "x"}}},
        {**JOB["spec"], "selector": "text"},
        {**JOB["spec"], "template": None},
    ],
)
def test_other_jobs_stay_as_they_are(spec):
    job = {**JOB, "spec": spec}
    assert without_job_labels(job) is job
