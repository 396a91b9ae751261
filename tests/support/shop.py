"""An application that answers every request while its nodes are upgraded, and the load on it."""

import itertools
import ssl
import threading
import time
import urllib.request

# The end of a pod takes long enough for every proxy to have heard of it.
MANIFEST = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: shop}
spec:
  replicas: 3
  selector: {matchLabels: {app: shop}}
  template:
    metadata: {labels: {app: shop}}
    spec:
      containers:
        - name: web
          image: registry.k8s.io/e2e-test-images/agnhost:2.59
          args: [netexec, --http-port=8080, --delay-shutdown=8]
          readinessProbe: {httpGet: {path: /, port: 8080}, periodSeconds: 1}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: shop}
spec: {maxUnavailable: 1, selector: {matchLabels: {app: shop}}}
---
apiVersion: v1
kind: Service
metadata: {name: shop}
spec: {type: NodePort, selector: {app: shop}, ports: [{port: 8080, nodePort: NODE_PORT}]}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: precious}
data: {made: "with MADE"}
"""


def shop(node_port: int, made: str) -> str:
    """Return the manifests, with a port of the nodes and a text that must survive."""
    return MANIFEST.replace("NODE_PORT", str(node_port)).replace("MADE", made)


class Load:
    """Requests addresses in turn, each on a new connection, until it is stopped."""

    def __init__(self, *urls: str, pause: float = 0.1):
        self.urls, self.pause, self.requests, self.failures = urls, pause, 0, []
        self._trust_all = ssl.create_default_context()
        self._trust_all.check_hostname, self._trust_all.verify_mode = False, ssl.CERT_NONE
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_error):
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        urls = itertools.cycle(self.urls)
        while not self._ended.wait(self.pause):
            self.requests += 1
            url = next(urls)
            context = self._trust_all if url.startswith("https:") else None
            try:
                with urllib.request.urlopen(url, timeout=3, context=context) as answer:
                    answer.read()
            except OSError as error:
                self.failures.append(f"{time.strftime('%H:%M:%S')} {url} {error!r}")
