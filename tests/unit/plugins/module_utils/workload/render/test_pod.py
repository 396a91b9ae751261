from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.workload.render.pod import (
    CONFIG_HASH,
    config_hash,
    pod_template,
)
from support.apps import app_spec


def test_only_what_was_declared_is_rendered():
    assert pod_template(app_spec())["spec"] == {"containers": [{"name": "web", "image": "web:1"}]}


def test_a_change_of_config_or_secrets_changes_the_template():
    assert config_hash(app_spec()) == ""
    hashes = {
        config_hash(app_spec(**options))
        for options in ({"config": {"a": 1}}, {"config": {"a": 2}}, {"secrets": {"a": 1}})
    }
    assert len(hashes) == 3
    annotations = pod_template(app_spec(config={"a": 1}))["metadata"]["annotations"]
    assert annotations[CONFIG_HASH] in hashes


def test_pods_of_a_job_are_not_restarted_by_default():
    assert pod_template(app_spec(kind="Job"))["spec"]["restartPolicy"] == "Never"
    chosen = pod_template(app_spec(kind="Job", restart_policy="OnFailure"))
    assert chosen["spec"]["restartPolicy"] == "OnFailure"


def test_spread_prefers_one_pod_in_each_domain():
    (constraint,) = pod_template(app_spec(spread=["zone"]))["spec"]["topologySpreadConstraints"]
    assert (constraint["topologyKey"], constraint["maxSkew"]) == ("zone", 1)
    assert constraint["whenUnsatisfiable"] == "ScheduleAnyway"


def test_containers_are_in_the_order_of_the_declaration():
    app = app_spec(
        containers=[{"name": "b"}, {"name": "a"}],
        init_containers=[{"name": "z"}, {"name": "c", "sidecar": True}],
    )
    spec = pod_template(app)["spec"]
    assert [one["name"] for one in spec["containers"]] == ["web", "b", "a"]
    assert [one["name"] for one in spec["initContainers"]] == ["z", "c"]


def test_options_of_the_pod():
    context = {"fsGroup": 1000}
    spec = pod_template(app_spec(pod_security_context=context, priority_class="high"))["spec"]
    assert (spec["securityContext"], spec["priorityClassName"]) == (context, "high")
