"""Conversations with an API server, whose answers are recorded: the real one and the fake one have to give the same.

``tests/fixtures/conversations.json`` has what a real API server answered. ``tests/server/test_conversations.py``
compares it with the real one, and records it again with ``SLIPWAY_TEST_RECORD=1``.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

RECORDED = Path(__file__).resolve().parents[1] / "fixtures/conversations.json"
APPLY = "application/apply-patch+yaml"
MERGE = "application/merge-patch+json"
JSON_PATCH = "application/json-patch+json"
NAMESPACE = "talks"
Ask = Callable[..., tuple[int, dict]]


class Talk:
    """A conversation. Each request adds the fields of its answer that matter to ``heard``."""

    def __init__(self, ask: Ask):
        self._ask = ask
        self.heard: list[dict] = []

    def __call__(
        self,
        method: str,
        path: str,
        body: Any = None,
        kind: str = "application/json",
        look: tuple = (),
    ) -> dict:
        """Send a request below the namespace's collections, or to an absolute path; return the body.

        Args:
            method: The HTTP method.
            path: ``configmaps/a`` or ``apps/deployments``, or an absolute path.
            body: The body.
            kind: Its content type.
            look: Fields of the answer that matter; of a refusal, always the same do.
        """
        status, answer = self._ask(method, absolute(path), body, kind)
        heard: dict[str, Any] = {"request": f"{method} {path}", "status": status}
        if status >= 400:
            heard |= refusal(answer)
        else:
            heard |= {field: at(answer, field) for field in look}
        self.heard.append(heard)
        return answer


def absolute(path: str) -> str:
    """Return the path of a request."""
    if path.startswith("/"):
        return path
    if path.startswith("apps/"):
        return f"/apis/apps/v1/namespaces/{NAMESPACE}/{path[5:]}"
    return f"/api/v1/namespaces/{NAMESPACE}/{path}"


def refusal(answer: dict) -> dict:
    """Return what the modules read of a refusal."""
    details = answer.get("details") or {}
    causes = [
        {"reason": c.get("reason"), "field": c.get("field")} for c in details.get("causes") or []
    ]
    return {
        "kind": answer.get("kind"),
        "code": answer.get("code"),
        "reason": answer.get("reason"),
        "named": {name: details.get(name) for name in ("name", "kind")},
        "causes": sorted(causes, key=json.dumps),
        "texts": [text for text in TEXTS if text in json.dumps(answer)],
    }


# Parts of messages that the modules look for.
TEXTS = (
    "field is immutable",
    "field not declared in schema",
    'namespaces \\"nowhere\\" not found',
    'conflict with \\"one\\"',
    "Precondition failed",
    "the object has been modified",
    "already exists",
)


def at(answer: dict, field: str) -> Any:
    """Return a field: ``metadata.name``, ``items.metadata.name`` of every item, ``metadata.uid?`` whether it is set."""
    steps = field.rstrip("?").split(".")
    if steps[0] == "items":
        return [at(item, ".".join(steps[1:])) for item in answer.get("items") or []]
    found: Any = answer
    for step in steps:
        found = found.get(step) if isinstance(found, dict) else None
    return bool(found) if field.endswith("?") else found


def config(name: str, labels: dict | None = None, **data: str) -> dict:
    """Return a ConfigMap."""
    metadata = {"name": name, **({"labels": labels} if labels else {})}
    content = {"data": data} if data else {}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, **content}


def deployment(name: str, label: str = "a", replicas: int = 0, **container: Any) -> dict:
    """Return a Deployment."""
    labels = {"app": label}
    pod = {"containers": [{"name": "web", "image": "web:1", **container}]}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name},
        "spec": {
            "replicas": replicas,
            "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": pod},
        },
    }


def applies(talk: Talk) -> None:
    one, two = "configmaps/a?fieldManager=one", "configmaps/a?fieldManager=two"
    data = ("data", "metadata.name", "metadata.namespace", "metadata.uid?", "kind")
    talk("PATCH", one, config("a", x="1", y="1"), APPLY, data)
    first = talk("PATCH", one, config("a", x="1", y="1"), APPLY, data)
    same = talk("PATCH", two, config("a", x="1"), APPLY, data)
    talk.heard.append(
        {"changed": first["metadata"]["resourceVersion"] != same["metadata"]["resourceVersion"]}
    )
    talk("PATCH", two, config("a", x="2"), APPLY, data)
    talk("PATCH", f"{two}&dryRun=All&force=true", config("a", x="2"), APPLY, data)
    talk("GET", "configmaps/a", look=data)
    talk("PATCH", f"{two}&force=true", config("a", x="2"), APPLY, data)
    talk("PATCH", one, config("a"), APPLY, data)
    talk("PATCH", two, config("a"), APPLY, data)
    talk("PATCH", f"{one}&dryRun=All", config("b", x="1"), APPLY, data)
    talk("PATCH", "configmaps/new?fieldManager=one&dryRun=All", config("new", x="1"), APPLY, data)
    talk("GET", "configmaps/new")
    talk("PATCH", "/api/v1/namespaces/nowhere/configmaps/a?fieldManager=one", config("a"), APPLY)


def refuses(talk: Talk) -> None:
    path = "apps/deployments/web?fieldManager=one&fieldValidation=Strict"
    look = ("spec.replicas", "spec.selector", "metadata.generation")
    talk("PATCH", path, deployment("web"), APPLY, look)
    talk("PATCH", path, deployment("web", replicas=1), APPLY, look)
    talk("PATCH", path, deployment("web", replicas=0), APPLY, look)
    talk("PATCH", path, deployment("web", label="b"), APPLY)
    talk("PATCH", path, deployment("web", nonsense=1), APPLY)
    talk("PATCH", f"{path}&dryRun=All", deployment("web", replicas=3), APPLY, ("spec.replicas",))
    talk("GET", "apps/deployments/web", look=("spec.replicas",))
    talk("GET", "configmaps/none")
    talk("GET", "apps/nonsense/none")
    talk("GET", "/apis/nonsense/v1")
    talk("GET", "/apis/nonsense")
    talk("GET", "/apis/apps", look=("preferredVersion.groupVersion",))


def creates(talk: Talk) -> None:
    look = ("metadata.name", "metadata.uid?", "data")
    talk("POST", "configmaps?fieldManager=one", config("c", x="1"), look=look)
    talk("POST", "configmaps?fieldManager=one", config("c", x="1"))
    talk("POST", "configmaps?dryRun=All", config("d", x="1"), look=("metadata.name", "data"))
    talk("GET", "configmaps/d")
    named = talk("POST", "configmaps", {"metadata": {"generateName": "g-"}, "data": {}})
    talk.heard.append(
        {"named": named["metadata"]["name"][:2], "length": len(named["metadata"]["name"])}
    )
    talk("POST", "/api/v1/namespaces/nowhere/configmaps", config("c"))
    # an apply of another manager to a created object
    talk("PATCH", "configmaps/c?fieldManager=two", config("c", x="2"), APPLY)


def patches(talk: Talk) -> None:
    made = talk("POST", "configmaps", config("p", x="1"), look=("data",))
    talk("PATCH", "configmaps/p", {"data": {"y": "2", "x": None}}, MERGE, ("data",))
    stale = {
        "metadata": {"resourceVersion": made["metadata"]["resourceVersion"]},
        "data": {"z": "1"},
    }
    talk("PATCH", "configmaps/p", stale, MERGE)
    talk("PATCH", "configmaps/p?dryRun=All", {"data": {"y": "9"}}, MERGE, ("data",))
    talk("GET", "configmaps/p", look=("data",))
    test = {"op": "test", "path": "/data/y", "value": "1"}
    talk("PATCH", "configmaps/p", [test], JSON_PATCH)
    good = {"op": "test", "path": "/data/y", "value": "2"}
    replace = {"op": "replace", "path": "/data/y", "value": "3"}
    talk("PATCH", "configmaps/p", [good, replace], JSON_PATCH, ("data",))
    talk("PATCH", "configmaps/p", [{"op": "remove", "path": "/data/none"}], JSON_PATCH)
    talk("PATCH", "configmaps/none", {"data": {}}, MERGE)


def scales(talk: Talk) -> None:
    talk("PATCH", "apps/deployments/s?fieldManager=one", deployment("s"), APPLY, ("spec.replicas",))
    scale = "apps/deployments/s/scale"
    seen = talk("GET", scale, look=("kind", "spec.replicas", "metadata.name"))
    version = {"resourceVersion": seen["metadata"]["resourceVersion"]}
    body = {"spec": {"replicas": 2}}
    talk("PATCH", f"{scale}?fieldManager=two", body, MERGE, ("kind", "spec.replicas"))
    talk("PATCH", scale, {"metadata": version, "spec": {"replicas": 3}}, MERGE)
    talk("GET", "apps/deployments/s", look=("spec.replicas", "metadata.generation"))
    talk("PATCH", "apps/deployments/s?fieldManager=one", deployment("s"), APPLY)
    talk("PATCH", "apps/deployments/none/scale", body, MERGE)


def deletes(talk: Talk) -> None:
    made = talk("POST", "configmaps", config("x"), look=("metadata.name",))
    talk("DELETE", "configmaps/x?dryRun=All")
    talk("DELETE", "configmaps/x", {"dryRun": ["All"]})
    talk("GET", "configmaps/x", look=("metadata.name",))
    talk("DELETE", "configmaps/x", {"preconditions": {"uid": "another"}})
    talk("POST", "configmaps", config("y"))
    # with a body, the query does not count: this deletes
    talk("DELETE", "configmaps/y?dryRun=All", {})
    talk("GET", "configmaps/y")
    uid = {"preconditions": {"uid": made["metadata"]["uid"]}}
    answer = talk("DELETE", "configmaps/x", uid)
    found = (answer.get("metadata") or {}).get("uid") or (answer.get("details") or {}).get("uid")
    talk.heard.append({"names the uid": found == made["metadata"]["uid"]})
    talk("DELETE", "configmaps/x", {})
    kept = config("f")
    kept["metadata"]["finalizers"] = ["test.example.com/keep"]
    talk("POST", "configmaps", kept)
    talk("DELETE", "configmaps/f", {})
    talk("GET", "configmaps/f", look=("metadata.deletionTimestamp?", "metadata.finalizers"))
    talk("PATCH", "configmaps/f", {"metadata": {"finalizers": None}}, MERGE)
    talk("GET", "configmaps/f")


def lists(talk: Talk) -> None:
    for name, labels in (("l1", {"t": "a"}), ("l2", {"t": "b"}), ("l3", {"t": "a", "u": "x"})):
        talk(
            "POST", "configmaps", config(name, {**labels, "list": "yes"}), look=("metadata.labels",)
        )
    names = ("items.metadata.name", "metadata.resourceVersion?", "metadata.continue?")
    for selector in ("list=yes,t=a", "list=yes,t in (a,b)", "list=yes,t!=a", "list=yes,u", "list=yes,!u",
                     "list==yes,t notin (a)"):  # fmt: skip
        text = selector.replace(" ", "%20").replace("!", "%21")
        talk("GET", f"configmaps?labelSelector={text}", look=names)
    talk("GET", "configmaps?fieldSelector=metadata.name=l2", look=names)
    talk("GET", "configmaps?fieldSelector=metadata.name%21=l2&labelSelector=list=yes", look=names)
    page = talk("GET", "configmaps?labelSelector=list=yes&limit=2", look=names)
    token = page["metadata"].get("continue", "")
    status, answer = talk._ask(
        "GET", absolute(f"configmaps?labelSelector=list=yes&limit=2&continue={token}")
    )
    talk.heard.append(
        {
            "status": status,
            "rest": at(answer, "items.metadata.name"),
            "more": at(answer, "metadata.continue?"),
        }
    )
    talk("GET", "configmaps?fieldSelector=data.nonsense=1")
    talk("GET", "configmaps?labelSelector=a%20b%20c")


def watches(talk: Talk) -> None:
    before = talk("GET", "configmaps?labelSelector=w=1")["metadata"]["resourceVersion"]
    talk("POST", "configmaps", config("w", {"w": "1"}, x="1"), look=("data",))
    talk("PATCH", "configmaps/w", {"data": {"x": "2"}}, MERGE, ("data",))
    talk("POST", "configmaps", config("other", x="1"), look=("data",))
    talk("PATCH", "configmaps/w", {"metadata": {"labels": {"w": "2"}}}, MERGE, ("metadata.labels",))
    talk("PATCH", "configmaps/w", {"metadata": {"labels": {"w": "1"}}}, MERGE, ("metadata.labels",))
    talk("DELETE", "configmaps/w", {})
    path = f"configmaps?labelSelector=w=1&watch=true&timeoutSeconds=1&resourceVersion={before}"
    status, answer = talk._ask("GET", absolute(path))
    lines = [json.loads(line) for line in answer["text"].splitlines()]
    talk.heard.append({
        "status": status,
        "events": [[line["type"], line["object"]["metadata"]["name"], line["object"].get("data")] for line in lines],
    })  # fmt: skip


CONVERSATIONS = (applies, refuses, creates, patches, scales, deletes, lists, watches)


def hold(ask: Ask, conversation: Callable[[Talk], None]) -> list[dict]:
    """Hold a conversation; return what was heard."""
    talk = Talk(ask)
    conversation(talk)
    return talk.heard


def recorded() -> dict[str, list[dict]]:
    """Return what a real API server answered, by the name of the conversation."""
    return json.loads(RECORDED.read_text(encoding="utf-8"))
