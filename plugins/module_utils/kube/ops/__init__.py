"""Single operations on live objects: restart, undo, scale."""
