"""No secret of a task appears in what Ansible prints, returns or logs, however its modules end.

Each place for a secret has a value of its own, the canary. Playbooks run every module with ``-vvvv`` against a fake API
server, in success, check mode, diff, refusal and crash. The tests search all output for the canaries in several
encodings.
"""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest
import yaml
from ansible.module_utils.basic import AnsibleModule

from support.kube_fake import FakeApi, Refused, instant_rollout
from support.module_runner import run_module

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
PLACES = (
    "api_key", "password", "kubeconfig-token", "kubeconfig-key", "kubeconfig-password", "option", "app", "data",
    "string-data", "yaml", "list", "live", "last-applied", "environment", "header", "refused", "extra",
    "chart", "create",
)  # fmt: skip
FULL_NAME = {"debug": "ansible.builtin.debug"}
HELM = """#!/bin/sh
case $1 in
show) cat "$3/Chart.yaml" ;;
template)
    for last; do case $previous in --values) values=$last ;; esac; previous=$last; done
    mkdir -p "$5/shop/templates"
    {
        echo 'apiVersion: v1'
        echo 'kind: Secret'
        echo 'metadata: {name: of-a-chart}'
        echo 'stringData:'
        echo "  k: |-"
        echo "    $(cat "$values")"
    } > "$5/shop/templates/secret.yaml" ;;
esac
"""
WORDS = ("web", "default", "replicas", "true")


def canary(place: str) -> str:
    """Return the secret of a place."""
    return f"canary/{place}+Zq7!"


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def forms(place: str) -> dict[str, str]:
    """Return the encodings in which the secret of a place could appear."""
    text = canary(place)
    return {
        "plain": text,
        "base64": encoded(text).rstrip("="),
        "quoted": quote(text, safe=""),
        "escaped": json.dumps(text)[1:-1].replace("/", "\\/"),
        "twice": encoded(encoded(text)).rstrip("="),
    }


def leaks(text: str) -> list[str]:
    """Return the places and encodings of the secrets that a text has."""
    found = [
        (place, name) for place in PLACES for name, form in forms(place).items() if form in text
    ]
    return [f"{place} ({name})" for place, name in found]


def secret(name: str, **fields) -> dict:
    return {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name}, **fields}


def kubeconfig(url: str, **user: str) -> dict:
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "c", "cluster": {"server": url}}],
        "users": [{"name": "u", "user": user}],
        "contexts": [{"name": "x", "context": {"cluster": "c", "user": "u"}}],
        "current-context": "x",
    }


APP = {"name": "web", "image": "web:1", "replicas": 1, "wait": "applied", "wait_timeout": 5}
MANIFESTS = [
    secret("one", data={"k": encoded(canary("data"))}),
    secret("two", stringData={"k": canary("string-data"), "short": "web"}),
    yaml.safe_dump(secret("three", stringData={"k": canary("yaml")})),
    {
        "apiVersion": "v1",
        "kind": "List",
        "items": [secret("four", stringData={"k": canary("list")})],
    },
]


def tasks(url: str) -> list[tuple[str, dict]]:
    """Return a task for each module and each place of a secret."""
    config = {
        "kubeconfig": kubeconfig(
            url,
            token=canary("kubeconfig-token"),
            **{
                "client-key-data": encoded(canary("kubeconfig-key")),
                "password": canary("kubeconfig-password"),
            },
        )
    }
    key = {"host": url, "api_key": canary("api_key")}
    basic = {"host": url, "username": "me", "password": canary("password")}
    live = secret("live", stringData={"k": canary("extra")})
    return [
        ("workload", {**APP, **key, "secrets": {"K": canary("option")}}),
        (
            "workload",
            {**key, "wait": "applied", "apps": [{**_app(), "secrets": {"K": canary("app")}}]},
        ),
        ("workload", {**key, "wait": "applied", "manifests": MANIFESTS}),
        ("workload", {**basic, "wait": "applied", "manifests": [live], "force": True}),
        ("workload", {**config, **APP}),
        ("workload", {**key, **APP, "secrets": {"K": canary("refused")}, "name": "refused"}),
        ("workload", {**key, **APP, "secrets": {"K": canary("option")}, "replicas": "many"}),
        ("workload", {**key, **APP, "secrets": {"K": canary("option")}, "unknown": 1}),
        ("workload", {**config, "manifests": MANIFESTS, "wait_timeout": "long"}),
        ("objects_patch", {**key, **_live(), "patch": {"stringData": {"k": canary("data")}}}),
        ("objects_patch", {**key, **_live(), "patch": _json_patch(), "type": "json"}),
        ("workload", {**key, **APP, "name": "crash", "secrets": {"K": canary("option")}}),
        ("workload", {"host": "https://127.0.0.1:1", "api_key": canary("api_key"), **APP}),
        ("workload_scale", {**key, "name": "web", "replicas": 2, "wait": False}),
        ("workload_rollout", {**basic, "name": "web", "action": "restart", "wait": False}),
        ("workload_info", {**key, "name": "web"}),
        ("workload_logs", {**config, "name": "web"}),
        ("workload_exec", {**config, "name": "web", "argv": ["true"]}),
        ("workload_disturb", {**config, "selector": "app=web", "seconds": 1, "pause": 1}),
        ("objects_info", {**key, "kind": "Secret"}),
        ("objects_info", {**config, "kind": "Secret", "name": "live"}),
        ("objects_delete", {**config, "kind": "Secret", "name": "one"}),
        ("node", {**key, "name": "n1", "labels": {"a": "b"}}),
        ("object_create", {**config, "definition": _to_create("generateName")}),
        ("object_create", {**key, "definition": {**_to_create("name"), "apiVersion": "v9"}}),
        ("object_create", {**key, "definition": _to_create("name"), "wait": "long"}),
        ("access_info", {**key, "checks": [{"verb": "get", "kind": "Secret"}], "require": True}),
        ("release_info", {**basic, "name": "shop"}),
        ("cluster_info", {**basic}),
        ("workload", {"name": "web", "state": "absent", **key, "remove_data": True}),
        ("workload", {**key, "state": "absent", "manifests": MANIFESTS}),
    ]


def in_playbooks(url: str) -> list[tuple[str, dict]]:
    """Return further tasks: a chart that helm renders on the controller, and terms of the lookup plugin."""
    key = {"host": url, "api_key": canary("api_key")}
    chart = {"release": "shop", "chart": "shop", "values": {"password": canary("chart")}}
    tasks = [
        ("workload", {**key, "wait": "applied", "manifests": [{"helm": {**chart, **more}}]})
        for more in ({}, {"release": "Shop"}, {"chart": "missing"}, {"unknown": 1})
    ]
    for host in (url, "https://127.0.0.1:1"):
        term = (
            f"query('slipway.lab.objects', kind='ConfigMap', host='{host}', api_key=secret.api_key)"
        )
        tasks.append(("debug", {"msg": f"{{{{ {term} | length }}}}"}))
    return tasks


def rendered(url: str) -> tuple[str, dict]:
    """Return a task with a chart as the action plugin gives it to the module."""
    text = yaml.safe_dump(secret("of-a-chart", stringData={"k": canary("chart")}))
    helm = {
        "release": "shop",
        "chart": "shop",
        "version": "1.2.0",
        "digest": "a",
        "mode": "install",
    }
    helm |= {"adopt": False, "definitions": [], "templates": [{"text": text, "source": "a.yaml"}]}
    options = {"manifests": [{"helm": helm}], "applyset": "release.shop", "wait": "applied"}
    return "workload", {"host": url, "api_key": canary("api_key"), "prune": True, **options}


def _to_create(name: str) -> dict:
    made = secret("new", stringData={"k": canary("create")})
    return {**made, "metadata": {name: "new-"}}


def _live() -> dict:
    return {"kind": "Secret", "name": "live"}


def _json_patch() -> list[dict]:
    return [{"op": "replace", "path": "/data/k", "value": encoded(canary("string-data"))}]


def _app() -> dict:
    return {"name": "other", "image": "web:1"}


@pytest.fixture
def api():
    """A server that repeats a secret in a refusal, and once answers with nonsense."""
    with FakeApi() as fake:
        fake.reactions.append(instant_rollout)
        node = {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "n1"}, "spec": {}}
        fake.put("nodes", node)
        applied = json.dumps(secret("live", data={"k": encoded(canary("last-applied"))}))
        name = "kubectl.kubernetes.io/last-applied-configuration"
        metadata = {"name": "live", "namespace": "default", "annotations": {name: applied}}
        fake.put(
            "secrets",
            {**secret("live"), "metadata": metadata, "data": {"k": encoded(canary("live"))}},
        )

        def refuse(method, path):
            if method == "PATCH" and "/secrets/refused" in path:
                raise Refused(
                    422, "Invalid", f'data[K]: Invalid value: "{encoded(canary("refused"))}": no'
                )

        fake.faults.append(refuse)
        fake.answers["/apis/apps/v1/namespaces/default/deployments/crash"] = lambda: (
            200,
            b'{"metadata": 7}',
        )
        yield fake


def by_variable(value):
    """Return options with variables in place of secrets: Ansible prints lines of a playbook beside its errors."""
    if isinstance(value, dict):
        return {name: by_variable(part) for name, part in value.items()}
    if isinstance(value, list):
        return [by_variable(part) for part in value]
    for place in PLACES if isinstance(value, str) else ():
        value = value.replace(canary(place), f"{{{{ secret['{place}'] }}}}")
        value = value.replace(encoded(canary(place)), f"{{{{ secret['{place}'] | b64encode }}}}")
    return value


def run_playbook(folder: Path, url: str, *flags: str) -> str:
    """Run all tasks, whatever becomes of each; return what is printed."""
    given = [*tasks(url), *in_playbooks(url)]
    _chart(folder)
    play = {
        "hosts": "localhost",
        "gather_facts": False,
        "connection": "local",
        "tasks": [
            {
                "name": f"task {number}",
                FULL_NAME.get(module, f"slipway.lab.{module}"): by_variable(options),
                "ignore_errors": True,
            }
            for number, (module, options) in enumerate(given)
        ],
    }
    variables = {"secret": {place: canary(place) for place in PLACES}}
    variables["ansible_python_interpreter"] = sys.executable
    (folder / "variables.json").write_text(json.dumps(variables))
    path = folder / "play.yml"
    path.write_text(yaml.safe_dump([play]))
    environment = {
        **os.environ,
        "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
        "ANSIBLE_COLLECTIONS_PATH": str(ROOT / "collections"),
        "ANSIBLE_DISPLAY_TRACEBACK": "always",
        "ANSIBLE_STDOUT_CALLBACK": "default",
        "K8S_AUTH_PASSWORD": canary("environment"),
        "ANSIBLE_NOCOLOR": "1",
        "XDG_CACHE_HOME": str(folder / "cache"),
        "ANSIBLE_DISPLAY_SKIPPED_HOSTS": "1",  # with their headings, which are counted
    }
    program = str(Path(sys.executable).parent / "ansible-playbook")
    done = subprocess.run(
        [program, "-i", "localhost,", "-vvvv", "-e", "@variables.json", *flags, str(path)],
        env=environment, cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stdout.count("TASK [") == len(given), done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout + done.stderr


def _chart(folder: Path) -> None:
    """Write a chart, and a program in the place of helm that renders a Secret with the values."""
    (folder / "charts/shop").mkdir(parents=True)
    (folder / "charts/shop/Chart.yaml").write_text("name: shop\nversion: 1.2.0\n")
    program = folder / "cache/slipway/bin/helm"
    program.parent.mkdir(parents=True)
    program.write_text(HELM)
    program.chmod(0o755)


def test_every_module_for_clusters_has_a_task():
    modules = {
        path.stem for path in (ROOT / "library").glob("*.py") if "kube_module" in path.read_text()
    }
    assert modules and modules == {module for module, _ in tasks("https://127.0.0.1:1")}


@pytest.mark.long
@pytest.mark.parametrize("flag", ["--diff", "--check"])
def test_no_playbook_prints_a_secret(api, tmp_path, flag):
    text = run_playbook(tmp_path, api.url, flag)
    assert leaks(text) == []
    assert "name: of-a-chart" in text, "the chart was not deployed"
    for word in WORDS:
        assert word in text, f"{word} is censored"


@pytest.mark.parametrize("check", [False, True])
def test_no_module_logs_or_returns_a_secret(api, monkeypatch, check):
    logged: list[str] = []
    monkeypatch.setattr(
        AnsibleModule, "log", lambda self, msg, log_args=None: logged.append(f"{msg} {log_args}")
    )
    monkeypatch.setenv("K8S_AUTH_PASSWORD", canary("environment"))
    for module, options in [*tasks(api.url), rendered(api.url)]:
        if options.get("name") == "crash":
            continue
        result = run_module(module, check=check, diff=True, **options)
        assert leaks(json.dumps(result)) == [], f"{module}: returned"
        assert leaks("".join(logged)) == [], f"{module}: logged"
    assert any("manifests=" in text for text in logged)
