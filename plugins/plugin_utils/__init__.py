"""Shared code of the action plugins of lessons."""
