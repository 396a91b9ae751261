"""The lab: its paths, phases, lock, history and processes."""
