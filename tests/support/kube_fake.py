"""An API server in this process, for unit and contract tests: real HTTP, a small part of the rules.

It keeps objects, counts requests and writes, speaks server-side apply with owners of fields, LIST and
WATCH with resourceVersions, patches and scale, and breaks on demand (429, cut streams, 410, refusals). What it does not
know, real clusters prove in the acceptance tests.
"""

from __future__ import annotations

import base64
import copy
import hashlib
import json
import queue
import re
import threading
import time
import uuid
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qs, unquote, urlsplit

from ansible_collections.slipway.lab.plugins.module_utils.common.json_patch import (
    JsonPatchError,
    apply_patch,
)
from support.loopback import LoopbackServer

KINDS = {
    "v1": {
        "Namespace": ("namespaces", False),
        "Node": ("nodes", False),
        "Pod": ("pods", True),
        "Service": ("services", True),
        "ConfigMap": ("configmaps", True),
        "Secret": ("secrets", True),
        "ServiceAccount": ("serviceaccounts", True),
        "Event": ("events", True),
        "PersistentVolumeClaim": ("persistentvolumeclaims", True),
    },
    "apps/v1": {
        "Deployment": ("deployments", True),
        "StatefulSet": ("statefulsets", True),
        "DaemonSet": ("daemonsets", True),
        "ReplicaSet": ("replicasets", True),
        "ControllerRevision": ("controllerrevisions", True),
    },
    "batch/v1": {"Job": ("jobs", True), "CronJob": ("cronjobs", True)},
    "autoscaling/v2": {"HorizontalPodAutoscaler": ("horizontalpodautoscalers", True)},
    "networking.k8s.io/v1": {"Ingress": ("ingresses", True)},
    "storage.k8s.io/v1": {"StorageClass": ("storageclasses", False)},
    "policy/v1": {"PodDisruptionBudget": ("poddisruptionbudgets", True)},
    "discovery.k8s.io/v1": {"EndpointSlice": ("endpointslices", True)},
    "apiextensions.k8s.io/v1": {"CustomResourceDefinition": ("customresourcedefinitions", False)},
    "authorization.k8s.io/v1": {"SelfSubjectAccessReview": ("selfsubjectaccessreviews", False)},
    # kinds of a custom resource definition: one that can be scaled, and one that cannot
    "example.com/v1": {"Widget": ("widgets", True), "Gadget": ("gadgets", True)},
}
SHORT_NAMES = {
    "pods": ["po"],
    "deployments": ["deploy"],
    "events": ["ev"],
    "widgets": ["wd", "toy"],
    "gadgets": ["toy"],
}
SUBRESOURCES = {
    "deployments": ("scale", "status"),
    "statefulsets": ("scale", "status"),
    "replicasets": ("scale", "status"),
    "widgets": ("scale", "status"),
    "jobs": ("status",),
    "pods": ("status", "log", "exec", "eviction"),
}
PLURALS = {plural for kinds in KINDS.values() for plural, _ in kinds.values()} | {
    "selfsubjectaccessreviews"
}
LABEL_RULE = re.compile(r"(!?)([^\s=!]+)\s*(?:(==?|!=|in|notin)\s*(?:\((.*)\)|(\S*)))?")
LIST_KEYS = ("name", "containerPort", "port", "type", "key")


# A refusal for one of these reasons names an object.
NAMING = ("NotFound", "AlreadyExists", "Conflict", "Invalid")
NAMED = re.compile(r'(?:^|on )(\w+) "([^"]+)"')
# Fields of a container that the tests use. An apply with another one is refused.
CONTAINER_FIELDS = frozenset(
    [
        "args",
        "command",
        "env",
        "envFrom",
        "image",
        "imagePullPolicy",
        "lifecycle",
        "livenessProbe",
        "name",
        "ports",
        "readinessProbe",
        "resources",
        "restartPolicy",
        "securityContext",
        "startupProbe",
        "stdin",
        "tty",
        "volumeMounts",
        "workingDir",
    ]
)


class Refused(Exception):
    """Becomes a Status object."""

    def __init__(self, status: int, reason: str, message: str, causes: list | None = None, after=0):
        super().__init__(message)
        self.status, self.reason, self.causes, self.after = status, reason, causes or [], after

    def body(self) -> dict:
        """Return the Status object."""
        found = NAMED.search(str(self)) if self.reason in NAMING else None
        named = {"kind": found[1], "name": found[2]} if found else {}
        return {
            "kind": "Status",
            "status": "Failure",
            "message": str(self),
            "reason": self.reason or None,
            "code": self.status,
            "details": {**named, "causes": self.causes},
        }


class FakeApi:
    """The server. Use as a context manager; ``url`` is where it listens on loopback."""

    def __init__(self):
        self.objects: dict[tuple[str, str, str], dict] = {}
        self.owners: dict[tuple, dict[tuple, set[str]]] = {}
        self.log: list[tuple[str, str]] = []
        self.version = 1
        self.lock = threading.RLock()
        self.watchers: list[tuple[str, queue.Queue]] = []
        self.history: list[tuple[int, str, str, dict]] = []
        self.reactions: list[Callable[[FakeApi, str, dict], None]] = []
        self.faults: list[Callable[[str, str], None]] = []
        # called after a request was carried out, before its answer
        self.losses: list[Callable[[str, str], None]] = []
        # returns whether the connection breaks in the middle of the answer
        self.cuts: list[Callable[[str, str], bool]] = []
        self.answers: dict[str, Callable[[], tuple[int, bytes]]] = {}
        self.oldest = 0
        # the bodies of DELETE requests
        self.deletions: list[dict] = []
        # returns whether the account has a right, given the attributes of an access review
        self.may: Callable[[dict], bool] = lambda attributes: True
        # images that no pod ever runs
        self.broken: set[str] = set()
        # the output of a command in any container, at most 124 bytes
        self.output = b"done\n"
        self.put(
            "namespaces", {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "default"}}
        )

    # -- life ----------------------------------------------------------------------------------------

    def __enter__(self):
        fake = self

        class Handler(_Handler):
            api = fake

        self.server = LoopbackServer(Handler)
        self.url = self.server.url
        return self

    def __exit__(self, *_):
        self.cut_watches()
        self.server.close()

    @property
    def writes(self) -> list[tuple[str, str]]:
        """Requests that could write."""
        asks = ("dryRun=All", "accessreviews")
        return [(m, p) for m, p in self.log if m != "GET" and not any(ask in p for ask in asks)]

    # -- objects -------------------------------------------------------------------------------------

    def place(self, plural: str, obj: dict) -> tuple[str, str, str]:
        metadata = obj["metadata"]
        return (plural, metadata.get("namespace", ""), metadata["name"])

    def put(self, plural: str, obj: dict, kind: str = "") -> dict:
        """Store an object as a controller would, and tell the watchers."""
        with self.lock:
            place = self.place(plural, obj)
            known = place in self.objects
            self.version += 1
            obj = copy.deepcopy(obj)
            for name, text in (obj.pop("stringData", None) or {}).items():
                obj.setdefault("data", {})[name] = base64.b64encode(text.encode()).decode()
            metadata = obj["metadata"]
            metadata["resourceVersion"] = str(self.version)
            metadata.setdefault("uid", str(uuid.uuid4()))
            self.objects[place] = obj
            self._tell(plural, kind or ("MODIFIED" if known else "ADDED"), obj)
            return obj

    def update(
        self, plural: str, name: str, change: Callable[[dict], None], namespace="default"
    ) -> dict:
        """Change a stored object in place."""
        with self.lock:
            obj = copy.deepcopy(self.objects[(plural, namespace, name)])
            change(obj)
            return self.put(plural, obj)

    def get(self, plural: str, name: str, namespace: str = "default") -> dict | None:
        return self.objects.get((plural, namespace, name))

    def remove(self, plural: str, name: str, namespace: str = "default") -> dict | None:
        with self.lock:
            obj = self.objects.pop((plural, namespace, name), None)
            self.owners.pop((plural, namespace, name), None)
            if obj:
                self.version += 1
                obj = copy.deepcopy(obj)
                obj["metadata"]["resourceVersion"] = str(self.version)
                self._tell(plural, "DELETED", obj)
            return obj

    def _tell(self, plural: str, kind: str, obj: dict) -> None:
        self.history.append((self.version, plural, kind, obj))
        for watched, events in self.watchers:
            if watched == plural:
                events.put((kind, obj))
        if plural != "events":
            for reaction in list(self.reactions):
                reaction(self, kind, obj)

    def cut_watches(self, forget: bool = False) -> None:
        """Break all watch connections; ``forget`` answers 410 to resuming ones."""
        with self.lock:
            for _, events in self.watchers:
                events.put(None)
            self.watchers.clear()
            if forget:
                self.oldest = self.version

    # -- requests ------------------------------------------------------------------------------------

    def apply(self, plural: str, namespace: str, name: str, body: dict, query: dict) -> dict:
        """Server-side apply by one manager."""
        manager, force = query["fieldManager"], query.get("force") == "true"
        place = (plural, namespace, name)
        if namespace and ("namespaces", "", namespace) not in self.objects:
            raise Refused(404, "NotFound", f'namespaces "{namespace}" not found')
        if body["metadata"].get("name", name) != name:
            raise Refused(
                400, "BadRequest", "metadata.name in object does not match name in request"
            )
        given, live = body.get("metadata") or {}, self.objects.get(place)
        _check_version(given, live, plural)
        if given.get("uid") and not live:
            raise Refused(409, "Conflict", "uid mismatch: no existing object was found")
        old = copy.deepcopy(live) or {
            "apiVersion": body["apiVersion"],
            "kind": body["kind"],
            "metadata": {
                "name": name,
                "generation": 0,
                **({"namespace": namespace} if namespace else {}),
            },
        }
        _check_fields(body)
        owners = copy.deepcopy(self.owners.get(place, {}))
        declared = dict(_leaves(_body(body)))
        current = dict(_leaves(_body(old)))
        conflicts = [
            {
                "reason": "FieldManagerConflict",
                "field": _dotted(p),
                "message": f'conflict with "{o}"',
            }
            for p, value in declared.items()
            for o in sorted(owners.get(p, ()))
            if o != manager and p in current and current[p] != value
        ]
        if conflicts and not force:
            raise Refused(409, "Conflict", "Apply failed with conflicts", conflicts)
        new = copy.deepcopy(old)
        gone = [p for p, who in owners.items() if manager in who and p not in declared]
        for path in sorted(gone, key=_removal_order):
            owners[path].discard(manager)
            if not owners[path]:
                del owners[path]
                _unset(new, path)
        for path, value in declared.items():
            if current.get(path) != value and path in owners:
                owners[path] = set()
            owners.setdefault(path, set()).add(manager)
            _set(new, path, value)
        if plural == "deployments" and _selector(old) and _selector(old) != _selector(new):
            text = "Invalid value: field is immutable"
            cause = {"reason": "FieldValueInvalid", "field": "spec.selector", "message": text}
            text = f'{body["kind"]} "{name}" is invalid: spec.selector: {text}'
            raise Refused(422, "Invalid", text, [cause])
        _defaults(new)
        new["metadata"]["managedFields"] = _managed(owners, body["apiVersion"])
        if _comparable(new) == _comparable(self.objects.get(place)):
            return self.objects[place]
        if new.get("spec") != old.get("spec") or not old.get("spec"):
            new["metadata"]["generation"] = old["metadata"].get("generation", 0) + 1
        if query.get("dryRun"):
            new["metadata"].setdefault("uid", str(uuid.uuid4()))
            return new
        self.owners[place] = owners
        return self.put(plural, new)

    def create(self, plural: str, namespace: str, body: dict, query: dict) -> dict:
        """POST: a new object, whose name the server may make up."""
        obj = copy.deepcopy(body)
        metadata = obj["metadata"]
        if namespace and ("namespaces", "", namespace) not in self.objects:
            raise Refused(404, "NotFound", f'namespaces "{namespace}" not found')
        metadata.setdefault("name", f"{metadata.get('generateName', '')}x1y2z")
        if query.get("fieldManager"):
            metadata["managedFields"] = [{"manager": query["fieldManager"], "operation": "Update"}]
        if namespace:
            metadata["namespace"] = namespace
        if (plural, namespace, metadata["name"]) in self.objects:
            raise Refused(409, "AlreadyExists", f'{plural} "{metadata["name"]}" already exists')
        if query.get("dryRun"):
            return obj
        manager = query.get("fieldManager", "unknown")
        owners = {path: {manager} for path, _ in _leaves(_body(obj))}
        self.owners[(plural, namespace, metadata["name"])] = owners
        return self.put(plural, obj)

    def patch(
        self, plural: str, namespace: str, name: str, body: dict | list, query: dict, sub: str
    ) -> dict:
        """Merge patch (a strategic one is treated as such) and JSON patch, of an object or a subresource."""
        live = self.objects.get((plural, namespace, name))
        if live is None:
            raise Refused(404, "NotFound", f'{plural} "{name}" not found')
        if sub and sub not in SUBRESOURCES.get(plural, ()):
            raise Refused(404, "NotFound", "the server could not find the requested resource")
        target = scale_of(live) if sub == "scale" else copy.deepcopy(live)
        if isinstance(body, list):
            try:
                target = apply_patch(target, body)
            except JsonPatchError as error:
                text = "the server rejected our request due to an error in our request"
                raise Refused(422, "Invalid", text) from error
        else:
            _merge(target, copy.deepcopy(body))
        _check_version(target["metadata"], live, plural)
        obj = copy.deepcopy(live)
        if sub == "scale":
            obj["spec"]["replicas"] = target["spec"].get("replicas", 0)
        elif sub == "status":
            obj["status"] = target["status"]
        else:
            obj = target
        if _comparable(obj) != _comparable(live):
            obj = self._store_patched((plural, namespace, name), live, obj, query)
        return scale_of(obj) if sub == "scale" else obj

    def _store_patched(self, place, live: dict, obj: dict, query: dict) -> dict:
        plural, before = place[0], live.get("spec")
        managed = obj["metadata"].get("managedFields")
        if managed != live["metadata"].get("managedFields"):
            self.owners[place] = _owners(managed or [])
        if obj.get("spec") != before:
            obj["metadata"]["generation"] = obj["metadata"].get("generation", 0) + 1
            changed = dict(_leaves({"spec": obj["spec"]}))
            old = dict(_leaves({"spec": before}))
            owners = self.owners.setdefault(place, {})
            for path in [p for p, value in changed.items() if old.get(p) != value]:
                owners[path] = {query.get("fieldManager", "unknown")}
        if query.get("dryRun"):
            return obj
        if obj["metadata"].get("deletionTimestamp") and not obj["metadata"].get("finalizers"):
            return self.remove(plural, place[2], place[1])
        return self.put(plural, obj)

    def delete(self, plural: str, namespace: str, name: str, body: dict, query: dict) -> dict:
        """DELETE: an object with a finalizer only begins to end."""
        obj = self.objects.get((plural, namespace, name))
        if obj is None:
            raise Refused(404, "NotFound", f'{plural} "{name}" not found')
        uid = (body.get("preconditions") or {}).get("uid")
        if uid and uid != obj["metadata"]["uid"]:
            found = obj["metadata"]["uid"]
            text = f"the UID in the precondition ({uid}) does not match the UID in record ({found})"
            what = f'{obj.get("kind", plural)} "{name}"'
            raise Refused(409, "Conflict", f"Operation cannot be fulfilled on {what}: {text}")
        if body.get("dryRun") or query.get("dryRun"):
            return obj
        self.deletions.append(body)
        if obj["metadata"].get("finalizers"):
            ending = {"deletionTimestamp": "2026-01-01T00:00:00Z"}
            return self.update(plural, name, lambda o: o["metadata"].update(ending), namespace)
        return self.remove(plural, name, namespace)


def scale_of(obj: dict) -> dict:
    """The subresource ``scale`` of an object."""
    names = ("name", "namespace", "uid", "resourceVersion")
    replicas = (obj.get("status") or {}).get("replicas", 0)
    return {
        "apiVersion": "autoscaling/v1",
        "kind": "Scale",
        "metadata": {name: obj["metadata"][name] for name in names if name in obj["metadata"]},
        # a real server leaves 0 out
        "spec": {"replicas": number} if (number := obj["spec"].get("replicas", 1)) else {},
        "status": {"replicas": replicas},
    }


def _check_version(metadata: dict, live: dict | None, plural: str) -> None:
    uid, version = metadata.get("uid"), metadata.get("resourceVersion")
    if uid and live and uid != live["metadata"]["uid"]:
        found = live["metadata"]["uid"]
        text = f"Precondition failed: UID in precondition: {uid}, UID in object meta: {found}"
        raise Refused(409, "Conflict", text)
    if version and live and version != live["metadata"]["resourceVersion"]:
        what = f'{plural} "{live["metadata"]["name"]}"'
        text = f"Operation cannot be fulfilled on {what}: the object has been modified"
        raise Refused(409, "Conflict", text)


def _check_fields(body: dict) -> None:
    """Refuse containers with fields that no container has, as a real server refuses all unknown fields."""
    spec = ((body.get("spec") or {}).get("template") or {}).get("spec") or {}
    for container in spec.get("containers") or []:
        for name in sorted(set(container) - CONTAINER_FIELDS):
            where = f'.spec.template.spec.containers[name="{container.get("name")}"].{name}'
            text = f"failed to create typed patch object: {where}: field not declared in schema"
            raise Refused(500, "", text)


def _selector(obj: dict):
    return (obj.get("spec") or {}).get("selector")


def _comparable(obj: dict | None):
    if obj is None:
        return None
    metadata = {
        k: v for k, v in obj["metadata"].items() if k not in ("resourceVersion", "generation")
    }
    return {**obj, "metadata": metadata}


def _body(obj: dict) -> dict:
    metadata = {k: v for k, v in obj["metadata"].items() if k in ("labels", "annotations")}
    return {**{k: v for k, v in obj.items() if k not in ("apiVersion", "kind", "metadata", "status")},
            **({"metadata": metadata} if metadata else {})}  # fmt: skip


def _leaves(value, path=()):
    """(path, value) of every leaf; a step is a field name, or ("k", key, value) for a list member."""
    if isinstance(value, dict) and value and path[-1:] not in (("selector",), ("matchLabels",)):
        for name, below in value.items():
            yield from _leaves(below, (*path, name))
    elif isinstance(value, list) and value and all(_key(item) for item in value):
        for item in value:
            yield from _leaves(item, (*path, ("k", *_key(item))))
    elif path:
        yield path, value


def _key(item):
    if isinstance(item, dict):
        for name in LIST_KEYS:
            if name in item:
                return name, item[name]
    return None


def _step(target, step, make):
    if not isinstance(step, tuple):
        return target.setdefault(step, make()) if isinstance(target, dict) else None
    _, name, value = step
    for item in target:
        if item.get(name) == value:
            return item
    target.append({name: value})
    return target[-1]


def _set(obj, path, value):
    for here, following in zip(path, path[1:], strict=False):
        obj = _step(obj, here, list if isinstance(following, tuple) else dict)
    obj[path[-1]] = value


def _unset(obj, path):
    """Remove a leaf, and what is empty without it."""
    parents = []
    for step in path[:-1]:
        parents.append(obj)
        if isinstance(step, tuple):
            obj = next((item for item in obj if item.get(step[1]) == step[2]), None)
        else:
            obj = obj.get(step)
        if obj is None:
            return
    obj.pop(path[-1], None)
    for parent, step in zip(reversed(parents), reversed(path[:-1]), strict=True):
        if obj:
            return
        if isinstance(step, tuple):
            parent.remove(obj)
        else:
            del parent[step]
        obj = parent


def _removal_order(path):
    """Return a sort key by which the key of a list member comes after its other leaves."""
    is_key = len(path) > 1 and isinstance(path[-2], tuple) and path[-2][1] == path[-1]
    return is_key, -len(path)


def _dotted(path):
    return "".join(f"[{s[1]}={s[2]!r}]" if isinstance(s, tuple) else f".{s}" for s in path)


def _managed(owners, api_version):
    fields: dict[str, dict] = {}
    for path, managers in owners.items():
        for manager in managers:
            here = fields.setdefault(manager, {})
            for step in path:
                text = f"f:{step}"
                if isinstance(step, tuple):
                    text = "k:" + json.dumps({step[1]: step[2]}, separators=(",", ":"))
                here = here.setdefault(text, {})
                if isinstance(step, tuple):
                    here.setdefault(".", {})
    return [
        {"manager": m, "operation": "Apply", "apiVersion": api_version, "fieldsV1": f, "fieldsType": "FieldsV1"}
        for m, f in sorted(fields.items())
    ]  # fmt: skip


def _owners(entries):
    """The reverse of ``_managed``."""
    owners: dict[tuple, set[str]] = {}
    for entry in entries:
        for path in _paths(entry.get("fieldsV1") or {}):
            owners.setdefault(path, set()).add(entry["manager"])
    return owners


def _paths(fields, path=()):
    below = {text: part for text, part in fields.items() if text != "."}
    if not below and path:
        yield path
    for text, part in below.items():
        step = text[2:]
        if text.startswith("k:"):
            step = ("k", *next(iter(json.loads(step).items())))
        yield from _paths(part, (*path, step))


def _defaults(obj):
    """A few of the values that a server adds."""
    if obj["kind"] in ("Deployment", "StatefulSet"):
        obj["spec"].setdefault("replicas", 1)
    if obj["kind"] == "Service":
        obj["spec"].setdefault("clusterIP", "10.96.0.9")


def _merge(target, patch):
    for name, value in patch.items():
        if value is None:
            target.pop(name, None)
        elif isinstance(value, dict):
            _merge(target.setdefault(name, {}), value)
        else:
            target[name] = value


class _Handler(BaseHTTPRequestHandler):
    """One request. ``api`` is the FakeApi."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    api: FakeApi

    def log_message(self, *_):
        """Quiet."""

    def do_GET(self):
        self._serve("GET")

    def do_POST(self):
        self._serve("POST")

    def do_PATCH(self):
        self._serve("PATCH")

    def do_DELETE(self):
        self._serve("DELETE")

    def _serve(self, method):
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length) or b"{}") if length else {}
        url = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        with self.api.lock:
            self.api.log.append((method, self.path))
        try:
            for fault in list(self.api.faults):
                fault(method, self.path)
            if url.path in self.api.answers:
                self._raw(*self.api.answers[url.path]())
                return
            if query.get("watch") == "true":
                self._watch(url.path, query)
                return
            if url.path.endswith("/exec") and self.headers.get("Upgrade"):
                self._exec()
                return
            with self.api.lock:
                is_new = self._makes(method, unquote(url.path))
                answer = self._answer(method, unquote(url.path), query, body)
            for loss in list(self.api.losses):
                loss(method, self.path)
            cut = any(cut(method, self.path) for cut in self.api.cuts)
            self._send(201 if is_new else 200, answer, cut=cut)
        except Refused as error:
            if error.status == 404 and not error.reason:
                self._raw(404, str(error).encode())
            else:
                self._send(error.status, error.body(), error.after)
        except ConnectionAbortedError:
            self.close_connection = True
            self.connection.close()

    def _makes(self, method, path):
        """Return whether a request makes an object: an apply can, and a POST does."""
        if method not in ("POST", "PATCH"):
            return False
        _, namespace, plural, name, sub = self._parse(path)
        if method == "POST":
            return not sub or sub == "eviction"
        return not sub and (plural, namespace, name) not in self.api.objects

    def _exec(self):
        """Answer a command over a websocket as a kubelet does: its output, and that it succeeded."""
        key = self.headers["Sec-WebSocket-Key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
        self.send_response(101)
        self.send_header("Upgrade", "websocket")
        self.send_header("Connection", "Upgrade")
        accept = base64.b64encode(hashlib.sha1(key.encode()).digest()).decode()
        self.send_header("Sec-WebSocket-Accept", accept)
        self.send_header("Sec-WebSocket-Protocol", "v5.channel.k8s.io")
        self.end_headers()
        for channel, data in ((1, self.api.output), (3, b'{"status": "Success"}')):
            frame = bytes([channel]) + data
            self.wfile.write(b"\x82" + bytes([len(frame)]) + frame)
        self.wfile.write(b"\x88\x00")
        self.close_connection = True

    def _raw(self, status, data):
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _send(self, status, answer, after=0, cut=False):
        data = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        if after:
            self.send_header("Retry-After", str(after))
        self.end_headers()
        self.wfile.write(data[: len(data) // 2] if cut else data)
        if cut:
            raise ConnectionAbortedError

    # -- routes --------------------------------------------------------------------------------------

    def _parse(self, path):
        match = re.fullmatch(
            r"/(?:api|apis/([^/]+))/([^/]+)(?:/namespaces/([^/]+)(?=/))?/([^/]+)(?:/([^/]+))?(?:/([^/]+))?",
            path,
        )
        if not match:
            raise Refused(404, "NotFound", f"the server could not find {path}")
        group, version, namespace, plural, name, sub = match.groups()
        return (f"{group}/{version}" if group else version), namespace or "", plural, name, sub

    def _answer(self, method, path, query, body):
        if path == "/version":
            return {"gitVersion": "v1.35.1"}
        known = re.fullmatch(r"/api/(v1)|/apis/([^/]+/[^/]+)", path)
        if method == "GET" and known:
            version = known[1] or known[2]
            if version not in KINDS:
                raise Refused(404, "", "404 page not found")
            return {
                "resources": [
                    {
                        "name": plural,
                        "kind": kind,
                        "namespaced": namespaced,
                        "shortNames": SHORT_NAMES.get(plural, []),
                    }
                    for kind, (plural, namespaced) in KINDS[version].items()
                ]
                + [
                    {"name": f"{plural}/{name}", "kind": kind, "namespaced": namespaced}
                    for kind, (plural, namespaced) in KINDS[version].items()
                    for name in SUBRESOURCES.get(plural, ())
                ]
            }
        if path == "/apis":
            groups = {version.split("/")[0]: version for version in KINDS if "/" in version}
            return {
                "groups": [
                    {
                        "name": name,
                        "versions": [{"groupVersion": version}],
                        "preferredVersion": {"groupVersion": version},
                    }
                    for name, version in groups.items()
                ]
            }
        if method == "GET" and re.fullmatch(r"/apis/[^/]+", path):
            group = path.split("/")[2]
            version = next((v for v in KINDS if v.startswith(f"{group}/")), None)
            if version:
                return {"preferredVersion": {"groupVersion": version}}
            raise Refused(404, "", "404 page not found")
        _, namespace, plural, name, sub = self._parse(path)
        if plural not in PLURALS:
            raise Refused(404, "NotFound", "the server could not find the requested resource")
        if method == "GET" and not name:
            return self._list(plural, namespace, query)
        if method == "GET" and sub == "log":
            raise Refused(404, "NotFound", "no log")
        if method == "GET":
            obj = self.api.objects.get((plural, namespace, name))
            if obj is None:
                raise Refused(404, "NotFound", f'{plural} "{name}" not found')
            return scale_of(obj) if sub == "scale" else obj
        if method == "PATCH" and "apply" in self.headers["Content-Type"]:
            return self.api.apply(plural, namespace, name, body, query)
        if method == "PATCH":
            return self.api.patch(plural, namespace, name, body, query, sub)
        if method == "DELETE":
            # as a real server: with a body, it ignores the query
            has_body = int(self.headers.get("Content-Length") or 0) > 0
            return self.api.delete(plural, namespace, name, body, {} if has_body else query)
        if method == "POST" and plural == "selfsubjectaccessreviews":
            return {**body, "status": {"allowed": self.api.may(body["spec"])}}
        if method == "POST" and not name:
            return self.api.create(plural, namespace, body, query)
        if method == "POST" and sub == "eviction":
            self.api.remove("pods", name, namespace)
            return {"kind": "Status", "status": "Success"}
        raise Refused(405, "MethodNotAllowed", f"{method} {path}")

    def _list(self, plural, namespace, query):
        items = [
            obj
            for (kind, space, _), obj in sorted(self.api.objects.items())
            if kind == plural and namespace in ("", space) and _selected(obj, query)
        ]
        metadata = {"resourceVersion": str(self.api.version)}
        start = int(query.get("continue", 0))
        end = start + int(query.get("limit") or len(items))
        if end < len(items):
            metadata["continue"] = str(end)
        return {"items": items[start:end], "metadata": metadata}

    def _watch(self, path, query):
        with self.api.lock:
            _, namespace, plural, _, _ = self._parse(unquote(path))
            since, events = int(query["resourceVersion"]), queue.Queue()
            # objects that the selector matched in their last state before
            known: dict[tuple, bool] = {}
            for version, what, kind, obj in self.api.history:
                if what == plural and version <= since:
                    known[self.api.place(what, obj)] = kind != "DELETED" and _selected(obj, query)
            if since < self.api.oldest:
                events.put(
                    (
                        "ERROR",
                        {"kind": "Status", "code": 410, "reason": "Expired", "message": "old"},
                    )
                )
            else:
                for version, what, kind, obj in self.api.history:
                    if what == plural and version > since:
                        events.put((kind, obj))
            self.api.watchers.append((plural, events))
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        end = time.monotonic() + float(query.get("timeoutSeconds", 30))
        try:
            while time.monotonic() < end:
                try:
                    event = events.get(timeout=0.2)
                except queue.Empty:
                    continue
                if event is None:
                    raise ConnectionAbortedError
                kind, obj = event
                if kind != "ERROR":
                    if namespace not in ("", obj["metadata"].get("namespace", "")):
                        continue
                    place = self.api.place(plural, obj)
                    kind = _seen_as(kind, known.get(place, False), _selected(obj, query))
                    known[place] = kind in ("ADDED", "MODIFIED")
                if kind:
                    self._chunk(json.dumps({"type": kind, "object": obj}).encode() + b"\n")
            self._chunk(b"")
        except OSError:
            self.close_connection = True
            self.connection.close()

    def _chunk(self, data):
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        self.wfile.flush()


def _seen_as(kind, was_known, is_selected):
    """Return the event of a watch with a selector: an object that no longer fits is deleted for it."""
    if kind == "DELETED" or not is_selected:
        return "DELETED" if was_known else ""
    return "MODIFIED" if was_known else "ADDED"


def _selected(obj, query):
    labels = obj["metadata"].get("labels") or {}
    parts = filter(None, re.split(r",(?![^(]*\))", query.get("labelSelector", "")))
    return all(_fits_label(labels, part) for part in parts) and all(
        _fits_field(obj, part) for part in filter(None, query.get("fieldSelector", "").split(","))
    )


def _fits_label(labels, part):
    match = LABEL_RULE.fullmatch(part)
    if not match:
        raise Refused(400, "BadRequest", f"unable to parse requirement: {part}")
    denied, name, how, inside, value = match.groups()
    wanted = [one.strip() for one in inside.split(",")] if inside is not None else [value]
    if not how:
        return (name in labels) != bool(denied)
    return (labels.get(name) in wanted) != (how in ("!=", "notin"))


def _fits_field(obj, part):
    field, how, value = re.fullmatch(r"([^=!]+)(!=|==?)(.*)", part).groups()
    if field.split(".")[0] == "data":
        raise Refused(400, "BadRequest", f'"{field}" is not a known field selector')
    here = obj
    for step in field.split("."):
        here = (here or {}).get(step)
    return (str(here or "") == value) != (how == "!=")


# -- controllers that tests switch on -----------------------------------------------------------------


def _image(obj: dict) -> str:
    containers = obj["spec"]["template"]["spec"]["containers"]
    return containers[0]["image"] if containers else ""


def replica_set(name: str, number: int, owner: dict) -> dict:
    """A revision of a Deployment, as its controller makes it: its image is ``name``."""
    template = copy.deepcopy(owner["spec"]["template"])
    template["metadata"]["labels"]["pod-template-hash"] = name
    template["spec"]["containers"][0]["image"] = name
    metadata = owner["metadata"]
    return {
        "apiVersion": "apps/v1",
        "kind": "ReplicaSet",
        "metadata": {
            "name": name,
            "namespace": metadata["namespace"],
            "labels": template["metadata"]["labels"],
            "annotations": {"deployment.kubernetes.io/revision": str(number)},
            "ownerReferences": [{"uid": metadata["uid"]}],
        },
        "spec": {"template": template},
    }


def instant_rollout(api: FakeApi, kind: str, obj: dict) -> None:
    """Give every workload all its pods immediately, its Services their addresses, and claims their volumes."""
    if obj.get("kind") == "PersistentVolumeClaim" and kind != "DELETED" and not obj.get("status"):
        metadata, bound = obj["metadata"], {"phase": "Bound"}
        name, namespace = metadata["name"], metadata["namespace"]
        api.update("persistentvolumeclaims", name, lambda one: one.update(status=bound), namespace)
    if kind == "DELETED" or obj.get("kind") not in ("Deployment", "StatefulSet", "DaemonSet"):
        return
    if _image(obj) in api.broken:
        return
    generation = obj["metadata"].get("generation", 1)
    wanted = 1 if obj["kind"] == "DaemonSet" else obj["spec"].get("replicas", 1)
    status = {
        "observedGeneration": generation,
        "replicas": wanted,
        "updatedReplicas": wanted,
        "readyReplicas": wanted,
        "availableReplicas": wanted,
        "desiredNumberScheduled": 1,
        "updatedNumberScheduled": 1,
        "numberAvailable": 1,
    }
    if obj.get("status") == status:
        return
    plural = KINDS["apps/v1"][obj["kind"]][0]
    metadata = obj["metadata"]
    api.put("endpointslices", {
        "apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice",
        "metadata": {"name": f"{metadata['name']}-x", "namespace": metadata["namespace"],
                     "labels": {"kubernetes.io/service-name": metadata["name"]}},
        "endpoints": [{"addresses": [f"10.0.0.{i}"], "conditions": {"ready": True}} for i in range(wanted)],
    })  # fmt: skip
    api.update(plural, metadata["name"], lambda o: o.update(status=status), metadata["namespace"])


def instant_jobs(api: FakeApi, kind: str, obj: dict) -> None:
    """Complete every Job and pod immediately, except those of broken images, and establish definitions."""
    if kind == "DELETED" or obj.get("status"):
        return
    status: dict = {}
    if obj.get("kind") == "Job":
        failed = _image(obj) in api.broken
        condition = {
            "type": "Failed" if failed else "Complete",
            "status": "True",
            "message": "of the test",
        }
        status = {"conditions": [condition], "succeeded": 0 if failed else 1}
    elif obj.get("kind") == "Pod" and not obj["metadata"].get("ownerReferences"):
        failed = obj["spec"]["containers"][0]["image"] in api.broken
        status = {"phase": "Failed" if failed else "Succeeded"}
    elif obj.get("kind") == "CustomResourceDefinition":
        status = {"conditions": [{"type": "Established", "status": "True"}]}
    if status:
        plural = {"Job": "jobs", "Pod": "pods"}.get(obj["kind"], "customresourcedefinitions")
        api.put(plural, {**obj, "status": status})


def broken_pod(state: dict, reason: str = "", **more) -> Callable:
    """A controller whose Deployments of a broken image get one pod in this container state."""

    def reaction(api: FakeApi, kind: str, obj: dict) -> None:
        if kind == "DELETED" or obj.get("kind") != "Deployment":
            return
        if _image(obj) not in api.broken:
            return
        metadata = obj["metadata"]
        if (obj.get("status") or {}).get("observedGeneration") == metadata.get("generation"):
            return
        name, namespace = metadata["name"], metadata["namespace"]
        labels = obj["spec"]["template"]["metadata"]["labels"]
        revision = str(metadata.get("generation", 1))
        owner = {"kind": "Deployment", "name": name, "uid": metadata["uid"]}
        replica_set = api.put("replicasets", {
            "apiVersion": "apps/v1", "kind": "ReplicaSet",
            "metadata": {"name": f"{name}-{revision}", "namespace": namespace, "labels": labels,
                         "ownerReferences": [owner],
                         "annotations": {"deployment.kubernetes.io/revision": revision}},
            "spec": {"template": obj["spec"]["template"]},
        })  # fmt: skip
        status = {"phase": "Pending", "containerStatuses": [
            {"name": name, "restartCount": more.get("restarts", 0), "ready": False, **state}]}  # fmt: skip
        if "condition" in more:
            status = {"phase": "Pending", "conditions": [more["condition"]]}
        pod = api.put("pods", {
            "apiVersion": "v1", "kind": "Pod",
            "metadata": {"name": f"{name}-{revision}-abc", "namespace": namespace, "labels": labels,
                         "ownerReferences": [{"kind": "ReplicaSet", "uid": replica_set["metadata"]["uid"]}]},
            "spec": {"containers": obj["spec"]["template"]["spec"]["containers"], "nodeName": "n1"},
            "status": status,
        })  # fmt: skip
        if reason:
            api.put("events", {
                "apiVersion": "v1", "kind": "Event", "type": "Warning", "reason": reason,
                "message": more.get("event", reason), "lastTimestamp": "2026-01-01T00:00:00Z",
                "metadata": {"name": f"{name}.{revision}", "namespace": namespace},
                "involvedObject": {"kind": "Pod", "name": pod["metadata"]["name"], "uid": pod["metadata"]["uid"]},
            })  # fmt: skip
        old = (obj.get("status") or {}).get("availableReplicas", 0)
        api.update("deployments", name, lambda o: o.update(status={
            "observedGeneration": metadata.get("generation", 1), "replicas": old + 1, "updatedReplicas": 1,
            "availableReplicas": old}), namespace)  # fmt: skip

    return reaction
