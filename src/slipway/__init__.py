"""The slipway command: set-up, preflight, progress and reports around Slipway's playbooks."""

__version__ = "0.2.0"
