"""The command ``dev`` with the real playbook, on stand-ins for docker, kubectl and the API server."""

import json
import signal
import time

import pytest

from support.image_nodes import images_of
from support.json_document import read_document
from support.kube_fake import FakeApi, broken_pod, instant_rollout

# Shows logs until it is ended, as `logs --follow` does; there is no Service that could be forwarded.
KUBECTL = """#!/bin/sh
case "$*" in
*" get services "*) echo '{"items": []}'; exit ;;
*" logs "*) echo "[pod/web-1/web] $*"; exec sleep 600 ;;
*" get pods "*) echo '{"items": [{"status": {"containerStatuses": [{"image": "web:before", "ready": true}]}}]}' ;;
esac
"""
WAITING = {"waiting": {"reason": "CrashLoopBackOff", "message": "back-off restarting"}}


@pytest.fixture
def api(nodes):
    """The API server of the lab."""
    with FakeApi() as fake:
        fake.reactions += [instant_rollout, broken_pod(WAITING)]
        cluster = {"name": "c", "cluster": {"server": fake.url}}
        context = {"name": "c", "context": {"cluster": "c", "user": "c"}}
        config = {"apiVersion": "v1", "kind": "Config", "clusters": [cluster], "contexts": [context],
                  "users": [{"name": "c", "user": {}}], "current-context": "c"}  # fmt: skip
        (nodes.state / "kubeconfig").write_text(json.dumps(config))
        yield fake


@pytest.fixture
def app(tmp_path):
    """The directory of an application."""
    folder = tmp_path / "Web"
    folder.mkdir()
    (folder / "Containerfile").write_text("FROM scratch\nEXPOSE 3000\nCOPY x /\n")
    (folder / ".dockerignore").write_text("*.swp\n")
    (folder / "x").write_text("1")
    return folder


def image_in(api, name="web"):
    return api.get("deployments", name)["spec"]["template"]["spec"]["containers"][0]["image"]


def test_a_pass_builds_loads_and_rolls_out_once(nodes, api, app):
    words = ("dev", str(app), "--once", "--json")
    told = nodes(*words, "--check")
    assert told.returncode == 0, told.stderr
    assert json.loads(told.stdout)["changed"] == 2 and not api.get("deployments", "web")
    first = nodes(*words)
    assert first.returncode == 0, first.stderr
    result = read_document("run", first.stdout)
    image = image_in(api)
    assert result["changed"] == 3
    assert result["dev"] == {
        "name": "web",
        "namespace": "default",
        "image": image,
        "service": "web",
    }
    assert [one["id"] for one in result["phases"]] == ["build", "load", "rollout", "cleanup"]
    assert image.startswith("slipway-dev/web:") and len(image.partition(":")[2]) == 12
    assert f"docker.io/{image}" in str(images_of(nodes.docker)["minikube-m02"])
    assert api.get("services", "web")["spec"]["ports"][0]["port"] == 3000
    (app / "y.swp").write_text("ignored")
    again = nodes(*words)
    assert json.loads(again.stdout)["changed"] == 0 and image_in(api) == image

    (app / "x").write_text("2")
    assert nodes(*words).returncode == 0
    assert image_in(api) != image
    engine = json.loads((nodes.docker / "state.json").read_text())["engine"]
    assert set(engine) == {"slipway-dev/web:latest", image_in(api)}
    assert (
        list(images_of(nodes.docker)["minikube"].values()).count([f"docker.io/{image_in(api)}"])
        == 1
    )
    assert f"docker.io/{image}" not in str(images_of(nodes.docker))

    removed = nodes("dev", str(app), "--once", "--remove")
    assert removed.returncode == 0, removed.stderr
    assert "default/web is removed" in removed.stdout
    for kind, name in (("deployments", "web"), ("services", "web"), ("secrets", "dev-web")):
        assert api.get(kind, name) is None
    assert "slipway-dev" not in (nodes.docker / "state.json").read_text()


def test_nothing_foreign_is_changed(nodes, api, app):
    service = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web", "namespace": "default"},
               "spec": {"ports": [{"port": 3000}]}}  # fmt: skip
    api.put("services", service)
    done = nodes("dev", str(app), "--once")
    assert done.returncode == 1 and "Service default/web" in done.stderr
    assert not api.get("deployments", "web")
    gone = nodes("dev", str(app), "--once", "--remove")
    assert gone.returncode == 0, gone.stderr
    assert api.get("services", "web")


def test_own_manifests_get_the_image(nodes, api, app, tmp_path):
    folder = tmp_path / "manifests"
    folder.mkdir()
    template = {"metadata": {"labels": {"app": "shop"}},
                "spec": {"containers": [{"name": "a", "image": "web"}, {"name": "b", "image": "web-not"}]}}  # fmt: skip
    deployment = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "shop"},
                  "spec": {"selector": {"matchLabels": {"app": "shop"}}, "template": template}}  # fmt: skip
    (folder / "shop.json").write_text(json.dumps(deployment))
    done = nodes("dev", str(app), "--once", "--json", "--manifests", str(folder))
    assert done.returncode == 0, done.stderr
    found = api.get("deployments", "shop")["spec"]["template"]
    images = [one["image"] for one in found["spec"]["containers"]]
    assert images == [json.loads(done.stdout)["dev"]["image"], "web-not"]
    assert found["metadata"]["labels"] == {"app": "shop", "slipway.lab/dev": "web"}
    (folder / "shop.json").write_text(json.dumps(deployment).replace('"web"', '"other"'))
    wrong = nodes("dev", str(app), "--once", "--manifests", str(folder))
    assert wrong.returncode == 1 and "has the image web" in wrong.stderr


def until(condition, seconds=300):
    limit = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < limit
        time.sleep(0.1)


def test_changes_are_followed_until_the_end(nodes, api, app, tmp_path):
    kubectl = nodes.state / "bin/kubectl"
    kubectl.parent.mkdir()
    kubectl.write_text(KUBECTL)
    kubectl.chmod(0o755)
    out = (tmp_path / "out").open("w+")
    process = nodes.start("dev", str(app), "--quiet", output=out)
    said = (tmp_path / "out").read_text
    until(lambda: "waiting for a change" in said() and "--selector slipway.lab/dev=web" in said())
    first = image_in(api)
    (app / "x").write_text("2")
    until(lambda: image_in(api) != first)
    second = image_in(api)
    until(lambda: said().count("waiting for a change") == 2)
    (app / "Containerfile").write_text("FROM scratch\nEXPOSE 3000\nCOPY no-such /\n")
    state = json.loads((nodes.docker / "state.json").read_text())
    (nodes.docker / "state.json").write_text(json.dumps({**state, "broken": "COPY failed"}))
    until(lambda: said().count("waiting for a change") == 3)
    assert (
        "COPY failed" in said()
        and "still serving: web:before" in said()
        and image_in(api) == second
    )
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    assert said().splitlines()[-1].endswith("--once --remove") and api.get("deployments", "web")
