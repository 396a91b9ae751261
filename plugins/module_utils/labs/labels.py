"""The labels of everything that a lab has in the Docker engine of the control machine."""

from __future__ import annotations

LAB = "slipway"  # name of the lab
OWNER = "slipway.owner"  # account that created the lab
UID = "slipway.uid"  # its number, because two accounts of different machines can share a name
ROLE = "slipway.role"
HOST = "slipway.host"
# Images of hosts have this value of the label LAB.
IMAGE = "image"
