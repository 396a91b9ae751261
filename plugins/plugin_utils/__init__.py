"""Code of action plugins and filters."""
