"""Compute the status of objects and the reasons of failures."""
