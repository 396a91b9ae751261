"""Describe workloads as the `workload_info` module returns them."""
