"""Talk to a Kubernetes API server."""
