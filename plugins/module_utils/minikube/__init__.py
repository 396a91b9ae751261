"""Reconcile a Minikube profile with its declaration."""
