"""Policies of the audit log that the API server takes, and mistakes that are named before it reads them."""

import pytest

from ansible_collections.slipway.lab.plugins.plugin_utils.kubeadm_audit import audit_problems

RULE = {"level": "Metadata"}


@pytest.mark.parametrize(
    "rule",
    [
        RULE,
        {"level": "None", "users": ["system:kube-proxy"], "verbs": ["watch"]},
        {"level": "Request", "resources": [{"group": "", "resources": ["pods/log"]}]},
        {"level": "None", "nonResourceURLs": ["/healthz*", "/version", "*"]},
        {"level": "RequestResponse", "namespaces": ["a"], "omitStages": ["Panic"]},
        {"level": "Metadata", "resources": [{"resources": ["secrets"], "resourceNames": ["a"]}]},
    ],
)
def test_policies_of_kubernetes_are_taken(rule):
    policy = {"rules": [rule], "omitStages": ["RequestReceived"], "omitManagedFields": True}
    assert audit_problems(policy, {"audit-log-maxage": 5}) == []


@pytest.mark.parametrize(
    ("policy", "reason"),
    [
        ({"omitStages": ["Panic"]}, "it has no rules"),
        ({"rules": []}, "it has no rules"),
        ({"rules": RULE}, "rules is not a list"),
        ({"rules": [RULE], "kind": "Policy"}, "kind is not a field here"),
        ({"rules": [RULE], "omitStages": ["Started"]}, "Started is not a stage"),
        ({"rules": ["Metadata"]}, "rule 1: 'Metadata' is not a rule"),
        ({"rules": [RULE, {}]}, "rule 2: level is None"),
        ({"rules": [{"level": "metadata"}]}, "Write one of None, Metadata"),
        ({"rules": [{**RULE, "user": ["a"]}]}, "user is not a field here"),
        ({"rules": [{**RULE, "users": "a"}]}, "users is not a list"),
        ({"rules": [{**RULE, "omitStages": ["x"]}]}, "rule 1: omitStages: x"),
        ({"rules": [{**RULE, "nonResourceURLs": ["/a"], "namespaces": ["b"]}]}, "two rules"),
        ({"rules": [{**RULE, "nonResourceURLs": ["a"]}]}, "does not begin with /"),
        ({"rules": [{**RULE, "nonResourceURLs": ["/*/a"]}]}, "has * before its end"),
        ({"rules": [{**RULE, "resources": ["pods"]}]}, "'pods' is not a group of resources"),
        ({"rules": [{**RULE, "resources": [{"kinds": []}]}]}, "resources: kinds is not a field"),
        ({"rules": [{**RULE, "resources": [{"group": "apps/v1"}]}]}, "has a version"),
        ({"rules": [{**RULE, "resources": [{"resourceNames": ["a"]}]}]}, "no resources"),
    ],
)
def test_a_policy_that_the_api_server_refuses_or_ignores_is_named(policy, reason):
    problems = audit_problems(policy, {})
    assert [one for one in problems if reason in one], problems
    assert all(one.startswith("kubernetes_audit_policy: ") for one in problems)


def test_options_of_the_audit_log_belong_to_the_policy():
    options = {"audit-log-path": "-"}
    (problem,) = audit_problems({"rules": [RULE]}, options)
    assert "audit-log-path cannot be declared: kubernetes_audit_policy sets it" in problem
    assert audit_problems({}, options) == []
