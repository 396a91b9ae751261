"""All services on the real lab: declared together, kept, and opened in a browser."""

import json
import urllib.error
import urllib.request
import uuid
from pathlib import Path

import pytest

from support.browser import Browser
from support.lab import ROOT
from support.module_runner import run_module
from support.on_cluster import good, until
from support.stores import Stores

pytestmark = pytest.mark.long

WITH = ("--with", "monitoring,logging,registry")
FRONT = "http://127.213.77.1:5090"
ASKED = Stores(FRONT)
ask, metrics, logs = ASKED.ask, ASKED.metrics, ASKED.logs
DASHBOARDS = sorted(Path(ROOT, "roles/monitoring/files/dashboards").glob("*.json"))
# Longer than it takes on a machine that does much else.
PATIENCE = 180
# Text that a page shows when it has its data.
SHOWS = {
    "Dashboards": "document.querySelectorAll('canvas').length > 1",
    "Metrics": "document.querySelector('textarea')",
    "Alerts": "document.body.innerText.includes('workloads')",
    "Logs": "/20[0-9-]+ [0-9:]+/.test(document.body.innerText)",
    "Report": "document.querySelector('h1')",
}


@pytest.fixture(scope="module")
def served(lab, slipway):
    """The lab with its services."""
    return slipway.json("up", *WITH)


@pytest.fixture
def namespace(client):
    """A namespace of a lesson of the test's own, so that the dashboard of lessons has something to show."""
    name = f"lesson-test-{uuid.uuid4().hex[:8]}"
    client.post("/api/v1/namespaces", {"metadata": {"name": name}})
    yield name
    client.delete(f"/api/v1/namespaces/{name}")


def app(image, **container):
    """Return a Deployment with metrics that are scraped."""
    labels = {"app": "web"}
    scraped = {"prometheus.io/scrape": "true", "prometheus.io/port": "8080"}
    spec = {"name": "web", "image": image, "args": ["netexec"], **container}
    return {
        "metadata": {"name": "web"},
        "spec": {
            "selector": {"matchLabels": labels},
            "template": {
                "metadata": {"labels": labels, "annotations": scraped},
                "spec": {"containers": [spec]},
            },
        },
    }


def image_of(client):
    """Return the image of the tutorial's app, which every node has."""
    path = "/apis/apps/v1/namespaces/default/deployments/hello-node"
    return client.get(path)["spec"]["template"]["spec"]["containers"][0]["image"]


def test_a_second_up_changes_nothing(served, slipway):
    assert slipway.json("up", *WITH)["changed"] == 0


def test_pages_are_told(served, slipway):
    assert [page["name"] for page in served["pages"]] == ["Lab", "App", *SHOWS]
    assert slipway.json("open")["pages"] == served["pages"]


@pytest.mark.parametrize("named", [("--with", "logging"), ()])
def test_services_that_are_not_named_stay_with_their_pages(named, served, slipway):
    again = slipway.json("up", *named)
    assert again["changed"] == 0 and again["pages"] == served["pages"]


def test_top_knows_all_nodes_and_pods(served, slipway):
    nodes = slipway.run("kubectl", "top", "nodes", "--no-headers").stdout.splitlines()
    assert {line.split()[0] for line in nodes} == {node["name"] for node in served["nodes"]}
    pods = slipway.run("kubectl", "top", "pods", "--all-namespaces", "--no-headers").stdout
    assert {"default", "kube-system", "logging", "monitoring"} <= {
        line.split()[0] for line in pods.splitlines()
    }


def test_a_line_is_found_soon(served):
    word = uuid.uuid4().hex
    with urllib.request.urlopen(f"{served['app']['url']}echo?msg={word}", timeout=10):
        pass
    until(lambda: logs(f'_time:5m "{word}"'), patience=15)


def test_an_alert_is_a_line_and_ends(served, client, namespace):
    probe = {"tcpSocket": {"port": 1}, "periodSeconds": 1}
    deployments = f"/apis/apps/v1/namespaces/{namespace}/deployments"
    client.post(deployments, app(image_of(client), readinessProbe=probe))

    def lines(status):
        stream = f'{{receiver="lab",status="{status}"}}'
        return lambda: logs(f'_time:10m {stream} "{namespace}/web has unavailable pods: 1"')

    until(lines("firing"), patience=PATIENCE)
    alert = f'ALERTS{{alertname="ReplicasMissing",namespace="{namespace}",alertstate="firing"}}'
    until(lambda: metrics(alert), patience=PATIENCE)
    client.delete(f"{deployments}/web")
    until(lines("resolved"), patience=PATIENCE)
    until(lambda: metrics(alert), lambda firing: not firing, PATIENCE)


STORES = {"monitoring": ("metrics", "victoria_metrics"), "logging": ("logs", "victoria_logs")}


@pytest.fixture
def upgraded(served, slipway, client):
    """Both stores with other images than before, as a new version brings them; one version alone is built."""
    path = "/apis/apps/v1/namespaces/{}/statefulsets/{}"
    options, images = [], {}
    for role, (store, program) in STORES.items():
        pods = client.get(path.format(role, store))["spec"]["template"]["spec"]
        registry, _, base = pods["containers"][0]["image"].partition("/")
        files = {"/version": {"content": "next"}}
        image = {"registry": registry, "name": f"upgrade/{store}:next", "base": base}
        images[role, store] = good(run_module("image", **image, files=files))["reference"]
        new = f"{{{{ slipway_images | combine({{'{program}': '{images[role, store]}'}}) }}}}"
        options += ["-e", json.dumps({f"{role}_images": new})]
    yield lambda: (slipway.json("up", *WITH, *options), images)
    slipway.json("up", *WITH)


def test_upgraded_stores_keep_what_they_had(upgraded, served, client):
    word = uuid.uuid4().hex
    with urllib.request.urlopen(f"{served['app']['url']}echo?msg={word}", timeout=10):
        pass
    until(lambda: logs(f'_time:5m "{word}"'), patience=15)
    [count] = metrics("count(up)")
    told, images = upgraded()
    assert told["changed"] == len(STORES)
    for (namespace, store), image in images.items():
        pod = client.get(f"/api/v1/namespaces/{namespace}/pods/{store}-0")
        assert pod["status"]["containerStatuses"][0]["imageID"] == image
    assert logs(f'_time:15m "{word}"')
    [before] = metrics(f"count(up @ {count['value'][0]})")
    assert before["value"][1] == count["value"][1]
    assert upgraded()[0]["changed"] == 0


@pytest.fixture(scope="module")
def lesson_runs(served, slipway):
    """A load on the workload that the dashboard of lessons shows."""
    assert slipway.run("lesson", "observability", "--keep").returncode == 0
    yield
    slipway.run("kubectl", "delete", "namespace", "lesson-observability")


@pytest.mark.parametrize("dashboard", DASHBOARDS, ids=lambda path: path.stem)
def test_every_panel_has_data(lesson_runs, dashboard):
    content = json.loads(dashboard.read_text())
    shown = json.loads(ask("metrics/prometheus/vmui/custom-dashboards"))["dashboardsSettings"]
    assert content["title"] in {one["title"] for one in shown}
    for row in content["rows"]:
        for panel in row["panels"]:
            for expr in panel["expr"]:
                until(lambda expr=expr: metrics(expr), patience=60)


def test_dashboards_are_there_for_grafana(served, slipway):
    for path in DASHBOARDS:
        written = json.loads((slipway.state / "grafana" / path.name).read_text())
        panels = [one for row in json.loads(path.read_text())["rows"] for one in row["panels"]]
        drawn = [one for one in written["panels"] if one["type"] == "timeseries"]
        assert [one["title"] for one in drawn] == [one["title"] for one in panels]
        assert [[t["expr"] for t in one["targets"]] for one in drawn] == [
            one["expr"] for one in panels
        ]


def complaints(browser):
    """Return what a page complained of, but for warnings of its own."""
    return [
        one
        for one in browser.problems
        if one.get("type") not in ("warning", "log", "info", "debug")
    ]


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("name", SHOWS)
def test_page_shows_what_it_is_for(served, name, width):
    [page] = [page for page in served["pages"] if page["name"] == name]
    with Browser() as browser:
        browser.open(page["url"], width, until=SHOWS[name])
        overflow = browser.run("document.documentElement.scrollWidth - window.innerWidth")
    assert overflow <= 0
    assert complaints(browser) == []


@pytest.mark.parametrize(
    ("path", "answers"),
    [
        ("metrics/api/v1/admin/tsdb/delete_series", 404),
        ("metrics/snapshot/create", 404),
        ("metrics/prometheus/api/v1/import", 404),
        ("metrics/vmui/..%2f..%2fsnapshot/create", 404),
        ("logs/delete/run_task", 404),
        ("logs/insert/jsonline", 404),
    ],
)
def test_what_writes_is_not_handed_on(served, path, answers):
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{FRONT}/{path}", timeout=10)
    assert refused.value.code == answers
