"""Code without knowledge of Kubernetes, Minikube or images."""
