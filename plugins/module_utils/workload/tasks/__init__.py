"""The work of the workload modules, one task a file."""
