"""Show runs and results."""
