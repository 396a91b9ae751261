"""Kubernetes' own end-to-end tests: their run, its progress and its result."""
