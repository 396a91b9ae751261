"""Errors of declarations, and of nodes in use."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.common.errors import SlipwayError


class SpecError(SlipwayError):
    """A declared value is wrong. The message names the option and the allowed values."""


class NodeInUseError(SlipwayError):
    """Pods or volumes on a node forbid a change of the node."""
