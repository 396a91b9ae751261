"""Lessons: their texts, and the evidence that running them leaves."""
