"""Run playbooks on a lab."""
