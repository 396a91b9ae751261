"""An application that answers every request while its nodes are upgraded."""

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
