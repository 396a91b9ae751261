"""Applications of a real lab that are asked from outside the cluster."""

from __future__ import annotations

import subprocess
import time
import urllib.error
import urllib.request
import uuid
from contextlib import contextmanager

from support.module_runner import run_module
from support.on_cluster import APP, good, until

DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"


class World:
    """Two applications in a namespace, which answer with the names of their pods."""

    def __init__(self, client, kubeconfig, lab):
        self.client, self.kubeconfig, self.lab = client, kubeconfig, lab
        self.namespace = f"slipway-in-{uuid.uuid4().hex[:8]}"

    def deploy(self):
        self.client.post("/api/v1/namespaces", {"metadata": {"name": self.namespace}})
        self.workload(apps=[{**APP, "name": one} for one in ("blue", "green")])
        self.workload(
            name="direct", **{**APP, "service_type": "LoadBalancer", "ports": ["8080:8080"]}
        )

    def workload(self, **options):
        options = {"kubeconfig": self.kubeconfig, "namespace": self.namespace, **options}
        return good(run_module("workload", **options))

    def apply(self, *objects):
        self.workload(manifests=list(objects), wait="none")

    def address(self, name, namespace=""):
        """Return the address of a Service, once it has one."""
        path = f"/api/v1/namespaces/{namespace or self.namespace}/services/{name}"

        def ingress():
            return (self.client.get(path)["status"].get("loadBalancer") or {}).get("ingress")

        return until(ingress, patience=60)[0]["ip"]

    def gone(self, name):
        """Wait until a Service has no address."""
        path = f"/api/v1/namespaces/{self.namespace}/services/{name}"
        until(lambda: not self.client.get(path)["status"].get("loadBalancer"), patience=60)

    def on_host(self, *words):
        host = f"slipway-{self.lab['lab']}-{self.lab['hosts'][0]['name']}"
        done = subprocess.run(["docker", "exec", host, *words], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout


def ask(url, host=""):
    """Return what a URL answers, or the status of an error."""
    request = urllib.request.Request(url, headers={"Host": host} if host else {})
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return answer.read().decode()
    except urllib.error.HTTPError as error:
        return str(error.code)
    except OSError as error:
        return str(error)


def first_answer(url, seconds=60):
    """Wait until a URL answers without an error, and return the text."""
    limit = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                return answer.read().decode()
        except OSError:
            assert time.monotonic() < limit, f"{url} does not answer"
            time.sleep(0.2)


def becomes(url, wanted, host=""):
    """Wait until a URL answers with a text that begins as wanted."""
    return until(lambda: ask(url, host), lambda said: said.startswith(wanted), patience=60)


def definitions(client, group):
    names = [one["metadata"]["name"] for one in client.get(DEFINITIONS)["items"]]
    return [name for name in names if name.endswith(group)]


@contextmanager
def lab_with(options, client, kubeconfig, slipway, lab):
    """Bring the lab up with options, and the applications into it. Both go afterwards."""
    slipway.json("up", *options)
    found = World(client, kubeconfig, lab)
    try:
        found.deploy()
        yield found
    finally:
        path = f"/api/v1/namespaces/{found.namespace}"
        client.delete(path)
        until(lambda: client.get_or_none(path) is None, patience=90)
        slipway.json("up")
