"""Requests of a student to the API server of a class, without kubectl, whose start takes longer than a check may take.

Twenty students can check at the same time on one machine. What this module cannot read is left to kubectl.
"""

from __future__ import annotations

import base64
import json
import os
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

# Kinds that checks of the lessons read, by the path of their API.
PLURALS = {
    "api/v1": "pods services configmaps resourcequotas limitranges secrets persistentvolumeclaims",
    "apis/apps/v1": "deployments replicasets statefulsets daemonsets",
    "apis/batch/v1": "jobs cronjobs",
    "apis/discovery.k8s.io/v1": "endpointslices",
    "apis/autoscaling/v2": "horizontalpodautoscalers",
}
PATHS = {plural: path for path, plurals in PLURALS.items() for plural in plurals.split()}
OPTIONS = {
    "--selector": "labelSelector",
    "-l": "labelSelector",
    "--field-selector": "fieldSelector",
}
PROXIES = ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy")


class ApiError(Exception):
    """The server refused, or did not answer; the message is that of kubectl."""


@dataclass(frozen=True)
class Api:
    """An API server, and the credentials of a student.

    Args:
        url: Its URL.
        name: Name in its certificate, when it is reached under another one.
        authority: Certificate of its authority, in PEM.
        token: The student's token.
    """

    url: str
    name: str
    authority: str
    token: str

    @classmethod
    def load(cls, kubeconfig: str, environ: Mapping[str, str] = os.environ) -> Api | None:
        """Return what the kubeconfig of a student names; ``None`` for another one, and behind a proxy."""
        if any(environ.get(name) for name in PROXIES):
            return None
        try:
            content = json.loads(Path(kubeconfig).read_text(encoding="utf-8"))
            cluster, user = content["clusters"][0]["cluster"], content["users"][0]["user"]
            authority = base64.b64decode(cluster["certificate-authority-data"]).decode()
            return cls(
                cluster["server"], cluster.get("tls-server-name", ""), authority, user["token"]
            )
        except (OSError, ValueError, KeyError, IndexError, TypeError):
            return None

    def get(self, namespace: str, query: str, seconds: float) -> Any:
        """Return an object, or the list of objects that a query finds.

        Args:
            namespace: Namespace of the objects.
            query: Arguments of ``kubectl get``.
            seconds: Time for an answer.

        Raises:
            LookupError: Only kubectl understands the query.
            ApiError: There is no such object, or no answer.
        """
        kinds, name, parameters = _parsed(query)
        found: list[Any] = []
        for kind in kinds:
            path = f"/{PATHS[kind]}/namespaces/{quote(namespace)}/{kind}"
            if name:
                return self.request("GET", f"{path}/{quote(name)}", seconds)
            answer = self.request("GET", f"{path}?{urlencode(parameters)}", seconds)
            found += _items(answer)
        return found

    def request(
        self, method: str, path: str, seconds: float, body: Any = None, kind: str = ""
    ) -> dict[str, Any]:
        """Send a request; return the answer.

        Raises:
            ApiError: The server refused, or did not answer.
        """
        from http.client import HTTPException, HTTPSConnection
        from ssl import create_default_context

        headers = {"Authorization": f"Bearer {self.token}", "Accept": "application/json"}
        headers |= {"Content-Type": kind} if kind else {}
        data = None if body is None else json.dumps(body).encode()
        address = urlsplit(self.url)
        try:
            context = create_default_context(cadata=self.authority)
            connection = HTTPSConnection(
                address.hostname or "", address.port, timeout=seconds, context=context
            )
            if self.name:
                _connect_as(connection, self.name, context)
            connection.request(method, path, data, headers)
            answer = connection.getresponse()
            content: dict[str, Any] = json.loads(answer.read())
            connection.close()
        except (OSError, ValueError, HTTPException) as problem:
            raise ApiError(f"no answer from {self.url}: {problem}") from problem
        if answer.status >= 300:
            reason = content.get("reason") or answer.reason
            raise ApiError(f"Error from server ({reason}): {content.get('message', '')}")
        return content


def _connect_as(connection: Any, name: str, context: Any) -> None:
    """Connect, and check the certificate for another name than the address."""
    from socket import create_connection

    plain = create_connection((connection.host, connection.port), connection.timeout)
    connection.sock = context.wrap_socket(plain, server_hostname=name)


def _parsed(query: str) -> tuple[list[str], str, dict[str, str]]:
    words = shlex.split(query)
    names: list[str] = []
    parameters: dict[str, str] = {}
    while words:
        word, equals, value = words.pop(0).partition("=")
        if not word.startswith("-"):
            names.append(word + equals + value)
            continue
        parameters[OPTIONS[word]] = value if equals else words.pop(0)
    if not 1 <= len(names) <= 2 or (len(names) == 2 and ("," in names[0] or parameters)):
        raise LookupError(query)
    kinds = [kind if kind in PATHS else f"{kind}s" for kind in names[0].split(",")]
    if any(kind not in PATHS for kind in kinds):
        raise LookupError(query)
    return kinds, names[1] if len(names) == 2 else "", parameters


def _items(answer: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the objects of a list; kubectl adds their kind."""
    common = {"apiVersion": answer["apiVersion"], "kind": answer["kind"].removesuffix("List")}
    for one in answer["items"]:
        yield {**common, **one}
