"""Measure load, startup times and pods over time."""
