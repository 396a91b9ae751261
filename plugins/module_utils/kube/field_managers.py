"""The names under which Slipway's modules own fields of objects."""

from __future__ import annotations

DECLARE = "slipway"
SCALE = "slipway-scale"
RESTART = "slipway-restart"
ROLLOUT = "slipway-rollout"
NODE = "slipway-node"
APPLYSET = "slipway-applyset"
PATCH = "slipway-patch"
CREATE = "slipway-create"
RELEASE = "slipway-release"

FIELD_MANAGERS = (DECLARE, SCALE, RESTART, ROLLOUT, NODE, APPLYSET, PATCH, CREATE, RELEASE)

# A declaration takes fields over from the modules that changed the same workload on request.
# The others are not among them: their fields are declarations of their own, or the user's.
YIELDING = (DECLARE, SCALE, RESTART, ROLLOUT)
