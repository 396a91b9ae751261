"""Shared code of the modules, by layer: workload -> kube -> common."""
