"""Write container images and talk to registries."""
