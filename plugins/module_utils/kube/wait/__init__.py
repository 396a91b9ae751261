"""Wait until objects are ready."""
