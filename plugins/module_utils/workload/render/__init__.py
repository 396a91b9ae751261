"""Render Kubernetes objects from a validated app."""
