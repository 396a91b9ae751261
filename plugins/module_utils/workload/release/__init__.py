"""Releases of Helm charts: what is declared, recorded and taken over, and their hooks."""
