"""Additional containers in the short form: what is declared is applied, and what is no longer declared goes."""

from __future__ import annotations

from support.module_runner import run_module

APP = {
    "name": "web",
    "image": "web:1",
    "ports": ["80:8080"],
    "env": {"A": "1", "B": "2"},
    "env_from": [{"config_map": "shared"}],
    "hooks": {"pre_stop": {"sleep": 3}},
    "volumes": [{"name": "tmp", "empty_dir": True}],
    "containers": [
        {"name": "proxy", "image": "proxy:1", "ports": [9090]},
        {"name": "logs", "mounts": [{"volume": "tmp", "path": "/tmp"}]},
    ],
    "init_containers": [
        {"name": "prepare", "args": ["prepare"]},
        {"name": "side", "sidecar": True, "ports": [9100]},
    ],
    "keep": True,
}


def workload(api, **options):
    return run_module(
        "workload", host=api.url, **{"wait_timeout": 10, "wait": "rolled_out", **options}
    )


def pod(api) -> dict:
    return api.get("deployments", "web")["spec"]["template"]["spec"]


def test_containers_and_hooks_are_applied_as_declared(api):
    predicted = workload(api, check=True, diff=True, **APP)
    assert predicted["changed"] and not api.writes
    assert workload(api, **APP)["counts"] == {"created": 2}
    spec = pod(api)
    assert [one["name"] for one in spec["containers"]] == ["web", "proxy", "logs"]
    assert spec["containers"][0]["lifecycle"] == {"preStop": {"sleep": {"seconds": 3}}}
    assert [one.get("restartPolicy") for one in spec["initContainers"]] == [None, "Always"]
    ports = api.get("services", "web")["spec"]["ports"]
    assert [port["port"] for port in ports] == [80, 9090, 9100]
    again = workload(api, **APP)
    assert not again["changed"] and again["writes"] == 0


def test_removed_parts_of_a_declaration_go(api):
    workload(api, **APP)
    less = {**APP, "env": {"B": "2"}, "containers": APP["containers"][1:], "keep": None}
    less.update(init_containers=None, hooks=None, env_from=None)
    result = workload(api, diff=True, **less)
    assert result["counts"] == {"configured": 2}
    spec = pod(api)
    assert [one["name"] for one in spec["containers"]] == ["web", "logs"]
    assert spec["containers"][0]["env"] == [{"name": "B", "value": "2"}]
    assert not {"lifecycle", "envFrom"} & set(spec["containers"][0])
    assert not spec.get("initContainers")
    assert [port["port"] for port in api.get("services", "web")["spec"]["ports"]] == [80]
    assert not api.get("services", "web")["metadata"].get("annotations")
    fields = {change["field"] for entry in result["objects"] for change in entry["changes"]}
    assert "spec.template.spec.containers[proxy]" in fields
    assert not workload(api, **less)["changed"]


def test_marked_objects_are_not_pruned(api):
    task = {"applyset": "shop", "prune": True}
    other = {"name": "other", "image": "x:1"}
    workload(api, apps=[{"name": "web", "image": "web:1", "keep": True}, other], **task)
    result = workload(api, apps=[other], **task)
    assert result["kept"] == ["Deployment default/web"] and result["counts"] == {"unchanged": 1}
    assert api.get("deployments", "web")
    again = workload(api, apps=[], **task)
    assert again["counts"] == {"pruned": 1} and again["kept"] == ["Deployment default/web"]
    assert workload(api, name="web", state="absent")["counts"] == {"deleted": 1}


def test_mistakes_in_containers_are_reported_with_their_place(api):
    containers = [{"name": "web", "env": {"A=": "x"}, "mounts": [{"volume": "x", "path": "/x"}]}]
    result = workload(api, name="web", image="web:1", containers=containers)
    assert result["failed"] and api.log == []
    for place in (
        "web.containers[0].name",
        "web.containers[0].env",
        "containers[0].mounts[0].volume",
    ):
        assert place in result["msg"]
