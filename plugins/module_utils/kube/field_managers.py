"""The names under which Slipway's modules own fields of objects."""

from __future__ import annotations

DECLARE = "slipway"
SCALE = "slipway-scale"
RESTART = "slipway-restart"
ROLLOUT = "slipway-rollout"
NODE = "slipway-node"
APPLYSET = "slipway-applyset"

FIELD_MANAGERS = (DECLARE, SCALE, RESTART, ROLLOUT, NODE, APPLYSET)

# A declaration takes fields over from the modules that changed the same workload on request.
# NODE and APPLYSET are not among them: their fields are declarations of their own.
YIELDING = (DECLARE, SCALE, RESTART, ROLLOUT)
