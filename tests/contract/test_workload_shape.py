"""Fields that the short form fills in or merges: Pod Security and overlays."""

from __future__ import annotations

from support.module_runner import run_module

SAFE = {"name": "safe", "image": "web:1", "security_context": {"runAsUser": 65534}}
OPEN = {"name": "open", "image": "web:1"}


def workload(api, **options):
    return run_module(
        "workload", host=api.url, **{"wait_timeout": 10, "wait": "rolled_out", **options}
    )


def pod(api, name) -> dict:
    return api.get("deployments", name)["spec"]["template"]["spec"]


def test_restricted_is_filled_in_and_reported(api):
    predicted = workload(api, check=True, apps=[SAFE, OPEN])
    result = workload(api, apps=[SAFE, OPEN])
    assert predicted["pod_security"] == result["pod_security"]
    outcome = {entry["name"]: entry for entry in result["pod_security"]}
    assert outcome["safe"]["restricted"] and outcome["safe"]["violations"] == []
    assert not outcome["open"]["restricted"]
    assert "container open: runAsNonRoot is not true" in outcome["open"]["violations"]
    assert pod(api, "safe")["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert pod(api, "safe")["containers"][0]["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    assert "securityContext" not in pod(api, "open")
    again = workload(api, apps=[SAFE, OPEN])
    assert not again["changed"] and again["writes"] == 0


def test_restricted_goes_when_it_is_no_longer_wanted(api):
    workload(api, apps=[SAFE, {**OPEN, "pod_security": "restricted"}])
    assert pod(api, "open")["securityContext"]["runAsNonRoot"] is True
    result = workload(api, apps=[{**SAFE, "pod_security": "none"}, OPEN])
    assert result["counts"] == {"configured": 2}
    assert pod(api, "safe")["containers"][0]["securityContext"] == {"runAsUser": 65534}
    assert not pod(api, "open").get("securityContext")


def test_a_contradiction_to_restricted_is_a_mistake(api):
    app = {**OPEN, "pod_security": "restricted", "security_context": {"privileged": True}}
    result = workload(api, apps=[app, {"name": "other"}])
    assert result["failed"] and api.log == []
    assert (
        "apps[0].pod_security: restricted does not allow this: container open: privileged"
        in (result["msg"])
    )
    assert "apps[1]: image is missing" in result["msg"]


def test_an_overlay_is_merged_last(api):
    containers = [{"name": "open", "tty": True}, {"name": "extra", "image": "extra:1"}]
    overlay = {
        "Deployment": {"spec": {"paused": False, "template": {"spec": {"containers": containers}}}},
        "Service": {"spec": {"sessionAffinity": "ClientIP"}},
    }
    app = {**OPEN, "ports": [80], "overlay": overlay}
    workload(api, **app)
    assert pod(api, "open")["containers"] == [
        {
            "name": "open",
            "image": "web:1",
            "ports": [{"containerPort": 80, "protocol": "TCP", "name": "tcp-80"}],
            "tty": True,
        },
        {"name": "extra", "image": "extra:1"},
    ]
    assert api.get("services", "open")["spec"]["sessionAffinity"] == "ClientIP"
    assert not workload(api, **app)["changed"]
    workload(api, **{**app, "overlay": None})
    assert [one["name"] for one in pod(api, "open")["containers"]] == ["open"]
    assert "sessionAffinity" not in api.get("services", "open")["spec"]


def test_mistakes_in_overlays_are_reported_together(api):
    overlays = [{"Ingress": {}}, {"Deployment": []}, {"Deployment": {"kind": "Pod"}}]
    apps = [
        {**OPEN, "name": f"app{number}", "overlay": overlay}
        for number, overlay in enumerate(overlays)
    ]
    result = workload(api, apps=apps)
    assert result["failed"] and api.log == []
    assert "apps[0].overlay.Ingress: the application has no object of this kind" in result["msg"]
    assert "apps[1].overlay.Deployment: [] is not a mapping" in result["msg"]
    assert "apps[2].overlay.Deployment.kind: identifies the object" in result["msg"]


def test_another_kind_replaces_the_former_one_in_one_run(api):
    workload(api, apps=[OPEN])
    predicted = workload(api, check=True, apps=[{**OPEN, "kind": "StatefulSet"}])
    result = workload(api, apps=[{**OPEN, "kind": "StatefulSet"}])
    assert predicted["counts"] == result["counts"] == {"created": 2, "pruned": 1}
    assert not api.get("deployments", "open")
    again = workload(api, apps=[{**OPEN, "kind": "StatefulSet"}])
    assert not again["changed"] and again["writes"] == 0
