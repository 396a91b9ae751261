"""Parts of the comparison of the workload modules with kubernetes.core and kubectl."""
