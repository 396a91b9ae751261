"""What the modules share, by layer: workload -> kube -> common."""
