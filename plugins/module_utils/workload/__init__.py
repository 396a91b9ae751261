"""Turn declared apps into Kubernetes objects and operate them."""
