"""Compose a software bill of materials of a cache."""
