"""Filters that judge the security of a cluster."""

from __future__ import annotations

from typing import Any

from ansible_collections.slipway.lab.plugins.plugin_utils.cis_points import (
    cis_points,
    unread_point,
)

DOCUMENTATION = r"""
name: security
short_description: Filters that judge the security of a cluster
description:
  - C(cis_points) returns the points of the CIS Kubernetes Benchmark from the looks at the nodes of a cluster.
  - C(unread_point) returns the point of a cluster that could not be read, from the reason.
"""


class FilterModule:
    """The filters by name."""

    def filters(self) -> dict[str, Any]:
        """Return the filters by name."""
        return {"cis_points": cis_points, "unread_point": unread_point}
