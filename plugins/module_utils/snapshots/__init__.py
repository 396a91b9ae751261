"""Snapshots of whole labs: save, verify, restore, export and import."""
