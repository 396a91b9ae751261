"""``docs/rights.md`` is true: each task succeeds with exactly these rights, and without one it does what is said."""

from __future__ import annotations

import itertools
import socket
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from support.module_runner import run_module
from support.rights import Right
from support.rights_page import earlier, read
from support.rights_recorder import EXPLAINS, FAILS, OF_CLUSTER, WARNS, names, succeeded
from support.rights_scenarios import SCENARIOS, Scenario

TABLES = read()
NUMBERS = itertools.count(1)
RBAC = "/apis/rbac.authorization.k8s.io/v1"
WAITING = (
    "workload",
    "workload_scale",
    "workload_rollout",
    "node",
    "objects_patch",
    "objects_delete",
)
SETTLE_SECONDS = 15


def table(scenario: Scenario) -> dict[Right, str]:
    """Return the rights of the page for a scenario, without those of the ones that it adds to."""
    return TABLES[(scenario.module, scenario.name)]


def all_rights(scenario: Scenario) -> dict[Right, str]:
    return {
        right: text for one in [*earlier(scenario), scenario] for right, text in table(one).items()
    }


CASES = [
    pytest.param(scenario, right, id=f"{scenario.module}-{scenario.name}-{right.verb}-{right.named}")
    for scenario in SCENARIOS
    for right in table(scenario)
]  # fmt: skip


@pytest.fixture
def answering():
    """A server on an address of this machine that an API server may proxy to."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"hi")

        def log_message(self, *_):
            """Quiet."""

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            pytest.skip("this machine has no other address than loopback")
        address = probe.getsockname()[0]
    server = ThreadingHTTPServer((address, 0), Handler)
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield server.server_address
    server.shutdown()
    server.server_close()


class Account:
    """A service account with chosen rights, and what a scenario needs to exist."""

    def __init__(self, space, scenario: Scenario, address):
        self.space, self.server, self.scenario = space, space.server, scenario
        self.name = f"narrow-{next(NUMBERS)}"
        self.server.pods.address = address[0]
        self.server.pods.broken = set(scenario.broken)
        self.token = self.server.account(space.name, self.name)
        self.values = {
            "namespace": space.name, "new": f"{space.name}-new", "node": "n1", "port": address[1],
        }  # fmt: skip
        for module, options in scenario.before:
            filled = Scenario(module, "", options).filled(**self.values)
            result = space.run(module, wait_timeout=30, **filled)
            assert not result.get("failed"), result["msg"]
        pods = self.server.must("GET", f"{space.core}/pods")["items"]
        self.values["pod"] = pods[0]["metadata"]["name"] if pods else ""

    def allow(self, rights) -> None:
        """Give the account these rights only, and wait until the server has taken notice."""
        mark = {"apiGroups": ["test"], "resources": [self.name], "verbs": ["see"]}
        rules = {"namespace": [mark], "cluster": [mark]}
        for right in rights:
            rules[right.scope].append(right.rule)
        # a namespace that does not exist yet can have no Role
        everywhere = "{new}" in str(self.scenario.options)
        scopes = {"cluster": rules["cluster"] + (rules["namespace"] if everywhere else [])}
        if not everywhere:
            scopes["namespace"] = rules["namespace"]
        for scope, found in scopes.items():
            self._bind(scope, found)
        end = time.monotonic() + SETTLE_SECONDS
        while not all(self._sees(scope) for scope in scopes):
            assert time.monotonic() < end, "the API server did not take notice of the rights"
            time.sleep(0.02)

    def run(self) -> dict:
        module = self.scenario.module
        options = self.scenario.filled(**self.values)
        if module in WAITING:
            options["wait_timeout"] = 20
        if module not in OF_CLUSTER:
            options.setdefault("namespace", self.space.name)
        return run_module(
            module, host=self.server.url, ca_cert=str(self.server.ca), api_key=self.token, **options
        )

    def _bind(self, scope: str, rules: list) -> None:
        prefix = "Cluster" if scope == "cluster" else ""
        root = RBAC if prefix else f"{RBAC}/namespaces/{self.space.name}"
        reference = {
            "kind": f"{prefix}Role", "name": self.name, "apiGroup": "rbac.authorization.k8s.io",
        }  # fmt: skip
        subject = {"kind": "ServiceAccount", "name": self.name, "namespace": self.space.name}
        metadata = {"metadata": {"name": self.name}}
        kind = f"{prefix.lower()}roles"
        self.server.must("POST", f"{root}/{kind}", {**metadata, "rules": rules})
        body = {**metadata, "roleRef": reference, "subjects": [subject]}
        self.server.must("POST", f"{root}/{prefix.lower()}rolebindings", body)

    def _sees(self, scope: str) -> bool:
        asked = {"group": "test", "resource": self.name, "verb": "see"}
        if scope == "namespace":
            asked["namespace"] = self.space.name
        review = self.server.must(
            "POST",
            "/apis/authorization.k8s.io/v1/subjectaccessreviews",
            {"spec": {
                "user": f"system:serviceaccount:{self.space.name}:{self.name}",
                "groups": ["system:serviceaccounts"], "resourceAttributes": asked,
            }},
        )  # fmt: skip
        return review["status"]["allowed"]

    def close(self) -> None:
        self.server.pods.broken = set()
        for kind in ("clusterroles", "clusterrolebindings"):
            self.server.request("DELETE", f"{RBAC}/{kind}/{self.name}")
        self.server.request("DELETE", f"/api/v1/namespaces/{self.values['new']}")
        body = {"spec": {"unschedulable": None}}
        self.server.must("PATCH", "/api/v1/nodes/n1", body, "application/merge-patch+json")


@contextmanager
def account(space, scenario, address):
    one = Account(space, scenario, address)
    try:
        yield one
    finally:
        one.close()


def went_well(scenario: Scenario, result: dict) -> bool:
    if scenario.ends_at_kubelet:
        return "not allowed" not in result["msg"]
    return succeeded(scenario, result)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda one: f"{one.module}-{one.name}")
def test_a_task_succeeds_with_exactly_its_rights(scenario, space, answering):
    with account(space, scenario, answering) as one:
        one.allow(all_rights(scenario))
        result = one.run()
        assert went_well(scenario, result), result["msg"]
        texts = [*map(str, result.get("warnings") or []), result.get("reason", "")]
        assert not [text for text in texts if "cannot" in text]


@pytest.mark.long
@pytest.mark.parametrize(("scenario", "right"), CASES)
def test_a_task_without_a_right(scenario, right, space, answering):
    with account(space, scenario, answering) as one:
        one.allow(other for other in all_rights(scenario) if other != right)
        result = one.run()
        expected = table(scenario)[right]
        texts = [str(text) for text in result.get("warnings") or []]
        if expected == FAILS and right.verb == "watch" and went_well(scenario, result):
            return  # the list before the watch had the awaited state already
        if expected == FAILS:
            assert not went_well(scenario, result), "the right is not needed"
            assert names(result["msg"], right), result["msg"]
        else:
            assert went_well(scenario, result), result["msg"]
        if expected == WARNS:
            assert any(names(text, right) for text in texts), texts
        if expected == EXPLAINS:
            assert names(result["reason"], right), result["reason"]
