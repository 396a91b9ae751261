"""A writer that remembers what the API server acknowledged."""

import itertools

from ansible_collections.slipway.lab.plugins.module_utils.kube.client import KubeClient
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.transport import Request
from support.load import Load

PATH = "/api/v1/namespaces/default/configmaps"
MARK = {"slipway-test": "writes"}
# Large enough that the database of etcd grows.
TEXT = "x" * 20_000


class Writes(Load):
    """Creates a ConfigMap five times a second, and keeps the names that were acknowledged."""

    def __init__(self, kubeconfig: str, host: str):
        super().__init__(pause=0.2)
        self.acknowledged: list[str] = []
        self._client = KubeClient({"kubeconfig": kubeconfig, "host": host})
        self._numbers = itertools.count()

    def ask(self) -> str:
        """Create the next ConfigMap; return what failed, or nothing."""
        name = f"write-{next(self._numbers)}"
        try:
            body = {"metadata": {"name": name, "labels": MARK}, "data": {"text": TEXT}}
            self._client.transport.send_once(Request("POST", PATH, {}, body, timeout=5)).read()
        except KubeError as error:
            return repr(error)
        self.acknowledged.append(name)
        return ""

    def lost(self) -> set[str]:
        """Return the acknowledged names that the cluster does not have, and delete the others."""
        query = {"labelSelector": "slipway-test=writes"}
        found = {one["metadata"]["name"] for one in self._client.list_all(PATH, 100, **query)[0]}
        self._client.delete(PATH, **query)
        return set(self.acknowledged) - found
